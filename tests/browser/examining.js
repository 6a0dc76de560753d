// What axe says about the page as it stands. axe spends most of its time on colours, and there is nothing new to say
// about a text's colour on a ground that it has judged before: `known` are those pairs, from any screen so far.
async ([known, everything]) => {
  const COLOURS = { runOnly: ["color-contrast", "link-in-text-block"] };
  const ALL_ELSE = { rules: { "color-contrast": { enabled: false } } };
  const fresh = unjudged(new Set(known));
  const found = everything ? await complaints(document, ALL_ELSE) : [];
  if (fresh.size) found.push(...(await complaints({ include: [...fresh.values()] }, COLOURS)));
  return [[...fresh.keys()], found];

  async function complaints(where, options) {
    const { violations, incomplete } = await axe.run(where, {
      ...options, resultTypes: ["violations", "incomplete"], selectors: false, elementRef: true,
    });
    forget(incomplete.filter((one) => one.id === "color-contrast").flatMap((one) => one.nodes));
    return violations
      .filter((one) => ["serious", "critical"].includes(one.impact))
      .map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ")}`);
  }

  /** What axe could not tell here, it is asked again elsewhere. */
  function forget(nodes) {
    const unsure = new Set(nodes.map((node) => node.element));
    for (const [pair, element] of fresh) if (unsure.has(element)) fresh.delete(pair);
  }

  function unjudged(judged) {
    const found = new Map();
    for (const element of texts(document.body)) {
      const pair = pairOf(element);
      if (!judged.has(pair)) found.set(pair, element);
    }
    return found;
  }

  /** Every element with words of its own, in open shadow roots too. */
  function* texts(root) {
    for (const element of root.querySelectorAll("*")) {
      if (element.shadowRoot) yield* texts(element.shadowRoot);
      if (hasWords(element) && element.checkVisibility()) yield element;
    }
  }

  function hasWords(element) {
    if (element.matches("input, textarea, select")) return true;
    return [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
  }

  /** The text's colour, size and weight, and every ground under it down to the first that hides the next. */
  function pairOf(element) {
    const look = getComputedStyle(element);
    const parts = [element.localName, look.color, look.fontSize, look.fontWeight, look.textDecorationLine];
    for (let up = element; up; up = up.parentElement ?? up.getRootNode().host) {
      const { backgroundColor, backgroundImage, opacity } = getComputedStyle(up);
      parts.push(backgroundColor, backgroundImage.slice(0, 80), opacity);
      if (backgroundColor.startsWith("rgb(")) break;
    }
    return parts.join(" ");
  }
}
