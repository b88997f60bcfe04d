// What is said to the computer and what it answers. Whatever is said carries an id of its own, so that
// saying it again after a broken line counts once.

const TRIES = 3;
const PAUSE_MS = 800;
const LIMIT_MS = 15_000;
let token = "";

export const pause = (ms) => new Promise((go) => setTimeout(go, ms));

export class Trouble extends Error {
  constructor(kind, board = null) {
    super(kind);
    this.kind = kind; // "offline", "unpaired", "refused", "secret", "slowly" or "trouble"
    this.board = board;
  }
}

const KINDS = { 401: "unpaired", 403: "unpaired", 409: "refused", 429: "slowly" };

async function ask(address, options = {}) {
  let answer;
  try {
    answer = await fetch(address, { ...options, signal: AbortSignal.timeout(LIMIT_MS) });
  } catch {
    throw new Trouble("offline");
  }
  const told = await answer.json().catch(() => ({}));
  if (told.token) token = told.token;
  if (!answer.ok) throw new Trouble(KINDS[answer.status] ?? "trouble", told.ready ? told : null);
  return told;
}

const post = (address, body) =>
  ask(address, {
    method: "POST",
    keepalive: true, // the phone may put the page aside at this very moment
    headers: { "content-type": "application/json", "x-storyrelay-token": token },
    body: JSON.stringify(body),
  });

export const stories = () => ask("/api/stories");

// What came with the page itself, if the phone was paired before.
export function storiesAtFirst() {
  const told = document.querySelector("meta[name=board]").content;
  if (!told) return null;
  const board = JSON.parse(told);
  token = board.token;
  return board;
}

export async function pair(secret) {
  try {
    return await post("/api/pair", { secret });
  } catch (trouble) {
    throw trouble.kind === "unpaired" ? new Trouble("secret") : trouble;
  }
}

// `waits` is called whenever the line is broken and it is going to be said again.
export async function say(id, verb, waits = () => {}, tries = TRIES) {
  const event = crypto.randomUUID();
  for (let left = tries; ; left--) {
    try {
      return await post(`/api/deliveries/${id}/${verb}`, { event });
    } catch (trouble) {
      if (trouble.kind !== "offline" || left <= 1) throw trouble;
      waits();
      await pause(PAUSE_MS);
    }
  }
}

// --- a story's file, whole and checked, before there is a button to share it; a broken line is taken up where it broke

const FILE_TRIES = 6;
const FILE_PAUSE_MS = 1500;

export class Gone extends Error {}

async function hexOf(bytes) {
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function more(media, got, advance, signal) {
  const headers = got.bytes ? { range: `bytes=${got.bytes}-`, "if-range": got.etag } : {};
  const answer = await fetch(media.url, { headers, signal });
  if ([401, 403, 404, 410].includes(answer.status)) throw new Gone();
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  if (answer.status !== 206) Object.assign(got, { pieces: [], bytes: 0 });
  got.etag = answer.headers.get("etag") ?? "";
  for (const reader = answer.body.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) return;
    got.pieces.push(value);
    got.bytes += value.length;
    advance(Math.min(1, got.bytes / media.bytes));
  }
}

export async function fileOf(media, advance, stumbled, signal) {
  let got = { pieces: [], bytes: 0, etag: "" };
  for (let left = FILE_TRIES; ; left--) {
    try {
      await more(media, got, advance, signal);
      const blob = new Blob(got.pieces, { type: media.mime });
      if (blob.size >= media.bytes) {
        if ((await hexOf(await blob.arrayBuffer())) === media.sha256) {
          return new File([blob], media.name, { type: media.mime });
        }
        got = { pieces: [], bytes: 0, etag: "" };
      }
    } catch (fault) {
      if (fault instanceof Gone || signal.aborted) throw fault;
    }
    if (left <= 1) throw new Error("the file didn't come");
    stumbled();
    await pause(FILE_PAUSE_MS);
  }
}
