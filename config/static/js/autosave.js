// Saves what a person writes while they write it; without this file the page still has its Save button.
// Server: 2xx, perhaps {"revision": n} for the hidden field of that name and {"saved": "14:05"}; 409 for a newer version.
(() => {
  const form = document.querySelector("form[data-autosave-url]");
  const line = document.querySelector("[data-autosave-status]");
  if (!form || !line) return;
  const live = document.querySelector("[data-autosave-live]");
  // "dirty": the server refused what stands here. "wait": it has a newer version, so nothing is sent unless asked for.
  const { autosaveUrl: url, autosaveState: state } = form.dataset, key = "waymark:draft:" + url;
  const known = form.elements.revision;
  const boxes = [...form.elements].filter((box) => box.name && !/hidden|submit|button|password|file/.test(box.type));
  const ticks = (box) => /radio|checkbox/.test(box.type);
  const read = () => JSON.stringify(boxes.map((box) => (ticks(box) ? box.checked : box.value)));
  // A list knows what the page chose for it by its options alone.
  const chosen = (options) => options.find((one) => one.defaultSelected) ?? options[0];
  const given = (box) => (box.options ? chosen([...box.options])?.value : box.defaultValue);
  const sent = () => JSON.stringify(boxes.map((box) => (ticks(box) ? box.defaultChecked : given(box))));
  const part = (name) => line.querySelector(`[data-when=${name}]`);
  let base = state ? "" : sent(); // what the server is known to hold; a reloaded page may show more
  let timer, speech, saving, stopped, spokenAt = 0;

  const keep = (values) => {
    try {
      if (values === base) localStorage.removeItem(key);
      else localStorage.setItem(key, JSON.stringify({ base, values, revision: state === "wait" ? "" : known?.value }));
      return true;
    } catch { return false; }
  };
  const kept = () => {
    try { return JSON.parse(localStorage.getItem(key)); } catch {}
  };
  const show = (name) => {
    for (const item of line.children) item.hidden = item !== part(name);
    if (name === "saving") return;
    clearTimeout(speech);
    speech = setTimeout(() => {
      spokenAt = Date.now();
      live.textContent = part(name).textContent.trim().replace(/\s+/g, " ");
    }, spokenAt + 30000 - Date.now());
  };
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(save, 1500);
  };
  const send = async () => {
    const values = read();
    show("saving");
    try {
      const answer = await fetch(url, {
        method: "POST", body: new FormData(form), redirect: "manual", keepalive: document.hidden,
        headers: { Accept: "application/json", "X-Autosave": "1" },
      });
      const data = await answer.json().catch(() => ({}));
      if (answer.status === 409) {
        stopped = true; // what is newer elsewhere must never be written over
        return show("conflict");
      }
      if (!answer.ok) throw answer;
      base = values;
      if (data.revision && known) known.value = data.revision;
      part("saved").querySelector("time").textContent = data.saved || "";
      keep(read());
      show("saved");
      if (read() !== base) soon();
    } catch {
      show(keep(read()) ? "failed" : "lost");
    }
  };
  const save = () => {
    clearTimeout(timer);
    if (stopped || saving || state === "wait" || read() === base) return;
    saving = send().finally(() => { saving = null; });
  };
  const fill = (values) => {
    boxes.forEach((box, i) => {
      if (ticks(box)) box.checked = values[i] === true;
      else box.value = values[i] ?? box.value;
    });
  };

  form.addEventListener("input", () => {
    keep(read());
    if (state === "wait") show("waits");
    soon();
  });
  form.addEventListener("focusout", save);
  form.addEventListener("submit", (event) => {
    stopped = true;
    // Where the server keeps unfinished entries, the device need not keep those that are sent.
    if ("autosaveForget" in form.dataset) try { localStorage.removeItem(key); } catch {}
    if (!saving) return;
    event.preventDefault(); // the answer to what is under way names the revision that this must know
    saving.then(() => form.requestSubmit(event.submitter));
  });
  addEventListener("pageshow", ({ persisted }) => { if (persisted) stopped = false; });
  addEventListener("online", save);
  document.addEventListener("visibilitychange", save);
  line.addEventListener("click", ({ target }) => {
    if (target.matches("[data-retry]")) save();
    if (!target.matches("[data-restore]")) return;
    const draft = kept();
    if (!draft) return;
    // The press sends the form: it goes with the revision that it was written on, so that the server shows both instead of replacing one.
    fill(JSON.parse(draft.values));
    if (known) known.value = draft.revision ?? "";
  });

  const draft = kept();
  if (state === "wait") show("waits");
  if (state || !draft || draft.values === base) {
    keep(read());
    soon();
  } else if (draft.base === base) {
    fill(JSON.parse(draft.values));
    save();
  } else show("found");
})();
