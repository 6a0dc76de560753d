// Passkeys: carries the server's question to the key and its answer back. The server checks everything.
//   <form data-passkey="create|get" data-options="{…}" or data-ask="/sign-in/passkey"> <input name="credential"> <button>
interface Question {
  publicKey: PublicKeyCredentialCreationOptionsJSON & PublicKeyCredentialRequestOptionsJSON;
}

export function offerPasskeys(): void {
  if (!("PublicKeyCredential" in window) || !("parseCreationOptionsFromJSON" in PublicKeyCredential)) return;
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-passkey]")) {
    form.hidden = false;
    form.querySelector("button")?.addEventListener("click", () => { void answer(form); });
  }
}

async function answer(form: HTMLFormElement): Promise<void> {
  const note = form.querySelector<HTMLElement>("[data-note]");
  if (note) note.textContent = "";
  try {
    const question = await asked(form);
    const credential = form.dataset.passkey === "create" ? await created(question) : await shown(question);
    const field = form.querySelector<HTMLInputElement>("[name=credential]");
    if (!field || !(credential instanceof PublicKeyCredential)) throw new Error("no credential");
    field.value = JSON.stringify(credential);
    form.submit();
  } catch {
    if (note) note.textContent = form.dataset.failed ?? "";
  }
}

async function asked(form: HTMLFormElement): Promise<Question> {
  if (!form.dataset.ask) return JSON.parse(form.dataset.options ?? "") as Question;
  const reply = await fetch(form.dataset.ask, { headers: { "X-Requested-With": "XMLHttpRequest" } });
  return ((await reply.json()) as { request_options: Question }).request_options;
}

function created(question: Question): Promise<Credential | null> {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(question.publicKey);
  return navigator.credentials.create({ publicKey });
}

function shown(question: Question): Promise<Credential | null> {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(question.publicKey);
  return navigator.credentials.get({ publicKey });
}
