// The tab says how many people wait: "(7) Queue · Threadline".

export function keepTitle(): void {
  const plain = document.title.replace(/^\(\d+\) /, "");
  const say = (): void => {
    const count = document.querySelector("[data-my-turn]")?.textContent.trim() ?? "";
    const title = count && count !== "0" ? `(${count}) ${plain}` : plain;
    if (document.title !== title) document.title = title;
  };
  say();
  document.body.addEventListener("htmx:afterSettle", say);
  document.body.addEventListener("htmx:oobAfterSwap", say);
}
