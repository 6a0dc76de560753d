// The small window of a call with somebody in the chat window. Loaded by that page only.
import { Talk } from "./talk/talk";

const main = document.querySelector<HTMLElement>("main[data-talk]");
if (main) new Talk(main).begin();
