// The recorder of short videos, loaded when somebody opens it: camera or screen, look at it, make it anew, use it.
import { FilmDialog } from "./film/dialog";

const dialog = document.getElementById("film-dialog");
if (dialog instanceof HTMLDialogElement) new FilmDialog(dialog).listen();
