// What was written without a line, kept on this device until it can be sent: in the order of writing, each once.
//
// Loaded by pages as a module and by the worker as a script, so it has neither imports nor exports: it makes
// globalThis.outbox. A text goes with the key of its form and a vote says what is to stand, so sending one twice is
// sending it once; a lock keeps two tabs, or a tab and the worker, from sending at the same time.
//
// An entry: {id, person, kind: "post" | "vote" | "keep", url, body, draft, words, at, refused}. `draft` says where a
// text is put that the server refuses; `refused` is what it said, and then the entry waits to be read and put away.
(() => {
  const NAME = "jam-outbox";
  const ROOM = "entries";
  const WITHIN = 20_000;

  const news = new BroadcastChannel(NAME);
  const tell = (what = {}) => news.postMessage(what);

  const asked = (request) => new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });

  function open() {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(ROOM, { keyPath: "id", autoIncrement: true });
    return asked(request);
  }

  // Runs `act` on the entries, and answers what it asked for once that is kept.
  async function within(mode, act) {
    const database = await open();
    try {
      const transaction = database.transaction(ROOM, mode, { durability: "strict" });
      const answer = act(transaction.objectStore(ROOM));
      await new Promise((done, failed) => {
        transaction.oncomplete = done;
        transaction.onerror = transaction.onabort = () => failed(transaction.error);
      });
      return answer?.result;
    } finally {
      database.close();
    }
  }

  const all = async (person) => (await within("readonly", (room) => room.getAll())).filter((entry) => entry.person === person);

  async function drop(id) {
    await within("readwrite", (room) => room.delete(id));
    tell();
  }

  // Of votes on one post only the last one counts.
  async function put(entry) {
    const before = entry.kind === "post" ? [] : await all(entry.person);
    await within("readwrite", (room) => {
      for (const other of before) if (other.url === entry.url && !other.refused) room.delete(other.id);
      return room.add({ ...entry, at: Date.now() });
    });
    tell();
  }

  async function clear() {
    await within("readwrite", (room) => room.clear());
    tell();
  }

  // Forgets what others left on this device.
  async function keepOnly(person) {
    const others = (await within("readonly", (room) => room.getAll())).filter((entry) => entry.person !== person);
    if (others.length) await within("readwrite", (room) => { for (const { id } of others) room.delete(id); });
  }

  // --- sending ------------------------------------------------------------------------------------------------

  const post = (url, body, token) => fetch(url, {
    method: "POST",
    body: new URLSearchParams(body),
    headers: { Accept: "application/json", "X-CSRFToken": token },
    redirect: "manual",
    credentials: "same-origin",
    signal: AbortSignal.timeout(WITHIN),
  });

  const isJson = (answer) => answer.headers.get("content-type")?.includes("application/json");

  // Where a text goes that was refused: to the drafts, unless the server put it there itself.
  async function keepAsDraft(entry, said, token) {
    if (said.drafts || !entry.draft) return said.drafts ?? "";
    const kept = await post(entry.draft.url, entry.draft.body, token);
    return kept.ok && isJson(kept) ? entry.draft.url : "";
  }

  // Sends one. Answers whether to go on with the next; throws without a line.
  async function sendOne(entry, token) {
    const answer = await post(entry.url, entry.body, token);
    if (answer.ok) {
      await drop(entry.id);
      tell({ sent: entry, answer: isJson(answer) ? await answer.json() : {} });
      return true;
    }
    // Signed out, a token that is out of date, or a server that has enough to do: later.
    if (!isJson(answer) || answer.status === 429 || answer.status >= 500) return false;
    const said = await answer.json();
    const drafts = await keepAsDraft(entry, said, token);
    const refused = { message: said.message ?? "", drafts };
    await within("readwrite", (room) => room.put({ ...entry, refused }));
    tell({ refused: { ...entry, refused } });
    return true;
  }

  // Whose entries go: those of who is signed in now. Answers how many still wait.
  async function sendAll() {
    const who = await fetch("/whoami/", { headers: { Accept: "application/json" }, cache: "no-store", signal: AbortSignal.timeout(WITHIN) });
    const { person, token } = await who.json();
    const waiting = (await all(person)).filter(({ refused }) => !refused);
    for (const entry of waiting) if (!(await sendOne(entry, token))) break;
    return (await all(person)).filter(({ refused }) => !refused).length;
  }

  // Sends what waits, unless that is being done already. Rejects if it could not all be sent.
  async function send() {
    const left = await navigator.locks.request(NAME, sendAll);
    if (left) throw new Error(`${left} still wait`);
  }

  globalThis.outbox = { all, clear, drop, keepOnly, news, put, send };
})();
