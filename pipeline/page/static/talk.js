// What is said to the computer and what it answers. Whatever is said carries an id of its own, so that
// saying it again after a broken line counts once.

const TRIES = 3;
const PAUSE_MS = 800;
const LIMIT_MS = 15_000;
let token = "";

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
      await new Promise((go) => setTimeout(go, PAUSE_MS));
    }
  }
}
