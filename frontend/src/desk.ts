// What the desk does by itself in the browser. Everything else is a page or a fragment from the server.
import "./css/desk.css";
import { timeCalls } from "./desk/call";
import { keepClocks } from "./desk/clocks";
import { keepDrafts } from "./desk/composer";
import { listenLive } from "./desk/live";
import { listenKeys } from "./desk/keys";
import { listenRinging } from "./desk/ringing";
import { tellPresence } from "./desk/presence";
import { switchLook } from "./desk/look";
import { startPages } from "./desk/pages";
import { selectRows } from "./desk/rows";
import { tellStories } from "./desk/story";
import { keepTitle } from "./desk/title";
import { showToasts } from "./desk/toast";

switchLook();
startPages();
listenKeys();
selectRows();
keepDrafts();
showToasts();
keepClocks();
keepTitle();
tellStories();
listenLive();
timeCalls();
listenRinging();
tellPresence();
