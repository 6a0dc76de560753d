"""What a finger can not get at on a screen: beside the screen, or under something else."""

OUT_OF_REACH = """() => {
  const found = [], wide = innerWidth;
  if (document.documentElement.scrollWidth > wide + 1) found.push("the page scrolls sideways");
  const scrolls = (each) => /auto|scroll/.test(getComputedStyle(each).overflowX)
    && each.scrollWidth > each.clientWidth + 1;
  for (const each of document.querySelectorAll(
      "a[href], button, input:not([type=hidden]), select, textarea, summary")) {
    if (!each.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    if (each.closest(".for-reader, .skip, svg") || each.getBoundingClientRect().width < 2) continue;
    const name = each.getAttribute("aria-label") || each.innerText || each.name;
    let box = each.getBoundingClientRect(), around = each.parentElement;
    while (around && !scrolls(around)) around = around.parentElement;
    if (!around && (box.left < -1 || box.right > wide + 1)) found.push(`outside: ${name}`);
    each.scrollIntoView({ block: "center", inline: "center" });
    box = each.getBoundingClientRect();
    const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    const own = !top || each.contains(top) || top.contains(each) || each.closest("label")?.contains(top);
    if (!own && !top.closest("#composer, #toasts")) found.push(`covered: ${name}`);
  }
  return found;
}"""

KEPT = """async () => {
  const paths = [];
  for (const name of await caches.keys()) {
    for (const each of await (await caches.open(name)).keys()) paths.push(new URL(each.url).pathname);
  }
  return paths.sort();
}"""

NOTED = """([story, text]) => fetch(`/stories/${story}/notes`, {
  method: "POST",
  headers: { "X-CSRFToken": JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"] },
  body: new URLSearchParams({ text, way: "note" }),
}).then((answer) => answer.status)"""
