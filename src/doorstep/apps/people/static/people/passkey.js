"use strict";
// A passkey, on the pages that can take one: shows its button where the browser knows passkeys,
// lets the device sign what the server asked, puts the answer into the form and sends it.
(() => {
  const button = document.getElementById("use-passkey");
  const asked = document.getElementById("passkey-asked");
  const said = document.getElementById("passkey-said");
  const key = document.getElementById("second-step-key");
  if (!button || !key || !window.PublicKeyCredential || !window.webauthnJSON) return;
  button.closest(".passkey").hidden = false;

  const wanted = async () => {
    if (asked) return JSON.parse(asked.textContent);
    const answer = await fetch(button.dataset.from, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error("the server asked nothing");
    return answer.json();
  };
  // Signing in with it alone needs a passkey that the device keeps, and opens only for its owner.
  const alone = document.getElementById("passkey-alone");
  const chosen = (creation) => {
    const kept = alone && alone.checked;
    const selection = { ...creation.publicKey.authenticatorSelection };
    selection.residentKey = kept ? "required" : "discouraged";
    selection.requireResidentKey = kept;
    if (kept) selection.userVerification = "required";
    return { ...creation, publicKey: { ...creation.publicKey, authenticatorSelection: selection } };
  };
  button.addEventListener("click", async () => {
    button.disabled = true;
    said.textContent = "";
    try {
      const { request_options: options, creation_options: creation } = await wanted();
      const made = creation
        ? await window.webauthnJSON.create(chosen(creation))
        : await window.webauthnJSON.get(options);
      key.value = JSON.stringify(made);
      key.form.submit();
    } catch {
      said.textContent = said.dataset.failed;
      button.disabled = false;
    }
  });
})();
