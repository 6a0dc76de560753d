// Every sentence of the window. A site may replace them: <script … data-words='{"launch": "Hilfe"}'>.

const ENGLISH = {
  launch: "Help",
  unread: "Help, {n} new",
  region: "Help from {brand}",
  title: "Write to us",
  titleKnown: "Good to see you, {name}",
  wait: "Lately a person answered in about {time}: the middle of the last {n} answers, not a promise.",
  waitUnknown: "A person reads this and answers here.",
  place: "You are number {place} of {waiting} who wait here.",
  placeAlone: "You are next: nobody waits before you.",
  placeBy: "{name} has your message.",
  placeWait: "The last {n} people waited about {time}, nine in ten no longer than {most}: measured, not a promise.",
  callMe: "Call me",
  callMeTitle: "Shall we call you?",
  callMeAbout: "Say on which number, and when it suits you. A person reads it and calls.",
  number: "Your telephone number",
  when: "When it suits you (if you like)",
  callMeSend: "Ask for a call",
  callMeSaid: "Please call me on {number}.",
  callMeWhen: "It suits me: {when}.",
  log: "What you and we said",
  empty: "Ask anything. You need not tell it twice: what you told us before is known here.",
  you: "You",
  us: "We",
  byEmail: "by email",
  message: "Your message",
  placeholder: "Write to us",
  send: "Send",
  attach: "Add a picture or file",
  sending: "on its way",
  kept: "kept here, goes out when there is a connection",
  sent: "sent",
  read: "read",
  failed: "not sent: {reason}",
  typing: "{name} is writing",
  offline: "No connection. What you write is kept and goes out by itself.",
  refused: "This chat can not be reached from this site. Please use the other ways below.",
  leaveTitle: "If you have to go",
  leave: "Where shall we write when you are not here any more?",
  email: "Your email address",
  name: "Your name (if you like)",
  keepEmail: "Answer me there too",
  later: "Not now",
  left: "When you are away, answers go to {email}.",
  goOn: "Go on by email",
  ways: "Other ways to a person",
  mailUs: "Email {address}",
  callUs: "Call {number}",
  save: "Save a copy",
  mailCopy: "Email me a copy",
  copied: "A copy is on its way to {email}.",
  end: "End",
  ended: "You ended this chat.",
  rate: "How was it?",
  stars: "{n} of 5",
  star1: "bad", star2: "poor", star3: "fair", star4: "good", star5: "very good",
  comment: "What should we know? (if you like)",
  rateSend: "Send it",
  rated: "Thank you. We read every one.",
  again: "Begin a new chat",
  close: "Close help",
  more: "Copy, other ways, end",
  tooLarge: "{name} is larger than 10 MB.",
  uploading: "{name} is on its way",
  call: "Call: talk instead of writing",
  noCall: "The call could not be loaded. Write, or try again.",
};

export type Words = Record<keyof typeof ENGLISH, string>;

export function wordsFrom(given: string | null): Words {
  try {
    return { ...ENGLISH, ...(JSON.parse(given ?? "{}") as Partial<Words>) };
  } catch {
    return ENGLISH;
  }
}

export function fill(sentence: string, values: Record<string, string | number>): string {
  return sentence.replace(/\{(\w+)\}/g, (_all, name: string) => String(values[name] ?? ""));
}

/** `40 s`, `2 m 40 s`, `1 h 5 m`: two units at most, no seconds above ten minutes. */
export function spell(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10 && seconds % 60) return `${minutes} m ${Math.round(seconds % 60)} s`;
  if (minutes < 60) return `${minutes} m`;
  const hours = Math.floor(minutes / 60);
  return minutes % 60 ? `${hours} h ${minutes % 60} m` : `${hours} h`;
}
