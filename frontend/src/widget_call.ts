// Calls in the chat window: loaded with the first one. It defines <threadline-call>, which the window puts into itself.
import { CallElement } from "./widget/call/element";

if (!customElements.get("threadline-call")) customElements.define("threadline-call", CallElement);
