// The small forms of the window: where to write when they left, and how it was.
import { make } from "./dom";
import { fill, type Words } from "./words";

/** Asks for an address. `done` gets what was typed; the form is gone afterwards. */
export function addressCard(words: Words, known: { email: string; name: string }, done: (email: string, name: string) => void, later: () => void): HTMLElement {
  const email = make("input", { type: "email", name: "email", required: true, autocomplete: "email", maxlength: "254", "aria-label": words.email, placeholder: words.email, value: known.email });
  const name = make("input", { name: "name", autocomplete: "name", maxlength: "120", "aria-label": words.name, placeholder: words.name, value: known.name });
  const form = make("form", { class: "card", part: "card", "aria-label": words.leaveTitle },
    make("p", {}, make("b", {}, words.leaveTitle)), make("p", { class: "meta" }, words.leave), email, name,
    make("div", { class: "buttons" },
      make("button", { class: "button main" }, words.keepEmail),
      make("button", { class: "button", type: "button", click: () => { form.remove(); later(); } }, words.later)));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    done(email.value, name.value);
    form.remove();
  });
  return form;
}

/** How was it: five radio buttons, each with its word, and a line to write. */
export function ratingCard(words: Words, done: (stars: number, text: string) => void): HTMLElement {
  const names = [words.star1, words.star2, words.star3, words.star4, words.star5];
  const choices = names.map((word, index) => make("label", {},
    make("input", { type: "radio", name: "stars", value: String(index + 1), required: true }),
    make("span", { class: "number", "aria-hidden": "true" }, String(index + 1)),
    make("span", { class: "word" }, word)));
  const comment = make("textarea", { rows: "2", maxlength: "2000", "aria-label": words.comment, placeholder: words.comment });
  const form = make("form", { class: "card", part: "card" },
    make("fieldset", {}, make("legend", {}, words.rate), make("div", { class: "stars" }, ...choices)), comment,
    make("div", { class: "buttons" }, make("button", { class: "button main" }, words.rateSend)));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const stars = Number(new FormData(form).get("stars"));
    done(stars, comment.value);
    form.replaceWith(make("p", { class: "noted", role: "status" }, words.rated));
  });
  return form;
}

/** Asks to be called: it becomes a message like any other, so that nobody has to tell it twice. */
export function callCard(words: Words, done: (text: string) => void, later: () => void): HTMLElement {
  const number = make("input", { type: "tel", name: "tel", required: true, autocomplete: "tel", maxlength: "40", pattern: "[+0-9 ()\\/.\\-]{5,40}", "aria-label": words.number, placeholder: words.number });
  const when = make("input", { name: "when", maxlength: "120", "aria-label": words.when, placeholder: words.when });
  const form = make("form", { class: "card", part: "card", "aria-label": words.callMeTitle },
    make("p", {}, make("b", {}, words.callMeTitle)), make("p", { class: "meta" }, words.callMeAbout), number, when,
    make("div", { class: "buttons" },
      make("button", { class: "button main" }, words.callMeSend),
      make("button", { class: "button", type: "button", click: () => { form.remove(); later(); } }, words.later)));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const asked = fill(words.callMeSaid, { number: number.value.trim() });
    done(when.value.trim() ? `${asked} ${fill(words.callMeWhen, { when: when.value.trim() })}` : asked);
    form.remove();
  });
  return form;
}

/** Always there: how to reach a person without this window. */
export function waysList(words: Words, ways: { email?: string; phone?: string }): HTMLElement {
  const list = make("ul", { class: "ways", "aria-label": words.ways });
  if (ways.email) list.append(make("li", {}, make("a", { href: `mailto:${encodeURI(ways.email)}` }, fill(words.mailUs, { address: ways.email }))));
  if (ways.phone) list.append(make("li", {}, make("a", { href: `tel:${ways.phone.replace(/[^+\d]/g, "")}` }, fill(words.callUs, { number: ways.phone }))));
  return list;
}
