// The chat window for any site: <script src="https://desk.example/chat/widget.js" data-channel="www.shop.example" async></script>
// It puts a <threadline-chat> on the page. Every data-… of the script becomes an attribute of it.
import { ChatElement } from "./widget/element";

const script = document.currentScript instanceof HTMLScriptElement ? document.currentScript : null;

if (!customElements.get("threadline-chat")) customElements.define("threadline-chat", ChatElement);

function begin(): void {
  if (!script?.dataset.channel || document.querySelector("threadline-chat")) return;
  const chat = document.createElement("threadline-chat");
  chat.setAttribute("server", new URL(script.src).origin);
  for (const [name, value] of Object.entries(script.dataset)) chat.setAttribute(name.toLowerCase(), value ?? "");
  document.body.append(chat);
}

if (document.readyState === "loading") addEventListener("DOMContentLoaded", begin);
else begin();
