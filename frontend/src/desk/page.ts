// Small things that the other parts share.

/** A translated sentence from the page's <template id="words">. */
export function word(name: string): string {
  return document.getElementById("words")?.dataset[name] ?? "";
}

export function announce(text: string): void {
  const region = document.getElementById("announce");
  if (region) region.textContent = text;
}

export function visible(element: Element): boolean {
  return element.checkVisibility({ visibilityProperty: true });
}

/** The nearest element around an event's target that fits, or null. */
export function around(event: Event, selector: string): HTMLElement | null {
  return event.target instanceof Element ? event.target.closest<HTMLElement>(selector) : null;
}

/** Storage may be full or switched off; what is kept there is a comfort, never the only copy of something sent. */
export function keep(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    document.documentElement.dataset.storage = "off";
  }
}

export function kept(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}
