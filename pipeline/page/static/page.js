// The page: one story at a time, its file fetched first, one tap to share it, then one question.

import { stories, storiesAtFirst, say, pair, pause, fileOf, Gone, Trouble } from "./talk.js";
import { at, show, tell, word, partOf, leftOf, isUrgent, showNext, showLater, showDone, showWords, unfold, hear, toast } from "./view.js";

const EVERY_MS = 5000;
const AGAIN_MS = 2000; // while the line is broken
const TICK_MS = 500;
const LATE_MS = 60_000;
const OFF_PHONE = { WhatsApp: "https://web.whatsapp.com/", Instagram: "https://www.instagram.com/", Facebook: "https://www.facebook.com/" };
const APPS = { ...OFF_PHONE, WhatsApp: "whatsapp://status", Instagram: "instagram://camera" };
const ANDROID = { ...OFF_PHONE, WhatsApp: "https://wa.me/status" }; // a browser there can't open whatsapp://status
const OPENS = /Android/.test(navigator.userAgent) ? ANDROID : /iPhone|iPad/.test(navigator.userAgent) ? APPS : OFF_PHONE;

let board = null;
let clockAhead = 0; // of the computer's clock, in ms
let chosen = null; // the number of the story that is shown
let fetching = null; // { id, sha256, file, gone, cancel, address }
let sharing = false;
let openedApp = false;
let paired = document.querySelector("meta[name=paired]").content === "yes";

const now = () => Date.now() + clockAhead;
const told = new Set(); // the numbers of stories whose end is on its way to the computer
const ready = () => (board?.ready ?? []).filter((story) => !told.has(story.id));
const current = () => ready().find((story) => story.id === chosen) ?? null;

function take(news) {
  const late = board ? new Date(board.now) - new Date(news.now) : 0;
  if (late > 0 && late < LATE_MS) return; // answers can overtake each other; a clock may be set back
  const known = ready().length;
  board = news;
  clockAhead = new Date(news.now) - Date.now();
  draw();
  if (ready().length > known) hear(at("title").textContent);
}

// --- what is seen

function draw() {
  if (!current()) chosen = (ready().find((story) => story.id > chosen) ?? ready()[0])?.id ?? null;
  const story = current();
  const count = ready().length;
  show("unpaired", false);
  tell("title", count ? word(count === 1 ? "ready_one" : "ready_many", { n: count }) : word("title"));
  show("empty", !story);
  show("story", Boolean(story));
  show("bar", Boolean(story));
  showNext(ready().filter((one) => one.id !== chosen), choose);
  showLater(board.later, now());
  showDone(board.done, again);
  if (story) drawStory(story);
  else letGo();
}

function drawStory(story) {
  tell("badge", [story.app, partOf(story)].filter(Boolean).join(" · "));
  tell("name", story.name);
  tell("left", leftOf(story.expires, now()));
  at("left").classList.toggle("urgent", isUrgent(story.expires, now()));
  const poster = at("poster");
  if (poster.dataset.for !== String(story.id)) {
    poster.dataset.for = story.id;
    poster.alt = word("poster", { name: story.name });
    if (story.poster) poster.src = story.poster;
    else poster.removeAttribute("src");
  }
  showWords(story, copy);
  begin(story);
  drawBar(story);
}

// WhatsApp has a Send button; elsewhere one posts.
const wordFor = (story, name) => word(story.app === "WhatsApp" ? name : `${name}_ig`, { app: story.app });

function drawBar(story) {
  const got = fetching;
  const app = { app: story.app };
  const shareable = !got?.file || (!got.failed && Boolean(navigator.canShare?.({ files: [got.file] })));
  const button = at("share");
  show("share", shareable);
  show("by-hand", !shareable);
  show("watch", Boolean(got?.file) && got.file.type.startsWith("video/") && at("film").hidden);
  button.disabled = !got?.file;
  const label = story.state === "shared" ? word("share_again") : word("share", app);
  const waiting = got?.gone ? word("file_gone") : word("getting", { n: Math.floor((got?.part ?? 0) * 100) });
  tell("share-text", got?.file ? label : waiting);
  button.style.setProperty("--done", got?.file ? 0 : got?.part ?? 0);
  tell("ask", wordFor(story, "answer"));
  tell("hint", shareable ? wordFor(story, "press") : word("no_share", app));
  if (!shareable) {
    at("save").href = got.address;
    at("save").download = got.file.name;
    tell("open", word("open", app));
    at("open").href = OPENS[story.app] ?? OPENS.WhatsApp;
  }
}

// --- the file of the story that is shown

function letGo() {
  if (!fetching) return;
  fetching.cancel.abort();
  if (fetching.address) URL.revokeObjectURL(fetching.address);
  fetching = null;
  const film = at("film");
  film.hidden = true;
  film.removeAttribute("src");
  film.load();
}

async function begin(story) {
  if (fetching?.id === story.id && fetching.sha256 === story.media?.sha256) return;
  letGo();
  const mine = { id: story.id, sha256: story.media?.sha256, part: 0, gone: !story.media, cancel: new AbortController() };
  fetching = mine;
  if (!story.media) return;
  const advance = (part) => {
    mine.part = part;
    if (fetching === mine) drawBar(story);
  };
  try {
    mine.file = await fileOf(story.media, advance, () => fetching === mine && toast(word("getting_again")), mine.cancel.signal);
  } catch (fault) {
    if (fetching !== mine) return;
    if (fault instanceof Gone) mine.gone = true;
    else setTimeout(() => { if (fetching === mine) { fetching = null; draw(); } }, EVERY_MS);
    return drawBar(story);
  }
  if (fetching !== mine) return;
  mine.address = URL.createObjectURL(mine.file);
  drawBar(story);
  hear(word("ready_to_share", { name: story.name }));
  tellState("opened", story);
}

// What is said is said in its order: "not yet" never overtakes "shared".
let saying = Promise.resolve();
const inTurn = (work) => (saying = saying.then(work));
const may = (id, verb) => board?.ready.find((one) => one.id === id)?.can.includes(verb) ?? false;

// What isn't the person's own word may fail quietly: nothing hangs on it.
const tellState = (verb, story) => inTurn(async () => {
  try {
    if (may(story.id, verb)) take(await say(story.id, verb));
  } catch (trouble) {
    stumble(trouble, true);
  }
});

// --- sharing, and what became of it

at("share").addEventListener("click", async () => {
  const story = current();
  const file = fetching?.file;
  if (!story || !file || sharing) return;
  sharing = true;
  const shared = navigator.share({ files: [file] }); // at once: the tap counts for a few seconds only
  drawBar(story);
  try {
    await shared;
  } catch (fault) {
    if (!["AbortError", "InvalidStateError"].includes(fault.name)) { // closed, or one is open already
      if (fetching?.file === file) fetching.failed = true;
      toast(word("trouble"));
    }
    return;
  } finally {
    sharing = false;
    if (current()) drawBar(current());
  }
  question(story);
  tellState("shared", story);
});

at("open").addEventListener("click", () => {
  openedApp = true;
  if (current()) tellState("shared", current());
});
at("ask").addEventListener("click", () => current() && question(current()));

function question(story) {
  const sheet = at("sheet");
  sheet.dataset.id = story.id;
  tell("question", wordFor(story, "question"));
  tell("question-more", word("question_more", { app: story.app }));
  tell("sent", wordFor(story, "sent"));
  if (story.poster) at("asked-poster").src = story.poster;
  if (!sheet.open) sheet.showModal();
}

// The person's own word isn't lost when the line is broken: it is said until it arrives.
function answer(verb) {
  const id = Number(at("sheet").dataset.id);
  const ends = verb !== "not-yet";
  at("sheet").close();
  if (ends) {
    told.add(id);
    draw();
    toast(word(`said_${verb}`), () => { show("toast", false); again(id, "undo"); });
    at("title").focus();
    scrollTo({ top: 0 });
  }
  return inTurn(async () => {
    try {
      if (may(id, verb)) take(await say(id, verb, () => offline(true), Infinity));
    } catch (trouble) {
      stumble(trouble);
    } finally {
      told.delete(id);
      if (board) draw();
    }
  });
}

at("sheet").addEventListener("click", ({ target }) => target === at("sheet") && target.close()); // beside it
at("sent").addEventListener("click", () => answer("confirm"));
at("not-yet").addEventListener("click", () => answer("not-yet"));
at("skip").addEventListener("click", () => answer("skip"));

const again = (id, verb) => inTurn(async () => {
  try {
    const news = await say(id, verb);
    if (verb === "undo") chosen = id;
    take(news);
    toast(word(`said_${verb}`));
    scrollTo({ top: 0 });
  } catch (trouble) {
    stumble(trouble);
  }
});

// --- small things

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast(word("copied"));
  } catch {
    toast(word("trouble"));
  }
}
at("copy-caption").addEventListener("click", () => current() && copy(current().caption));

at("more").addEventListener("click", () => unfold(at("more").getAttribute("aria-expanded") === "false"));

at("watch").addEventListener("click", () => {
  const film = at("film");
  film.src = fetching.address;
  film.hidden = false;
  show("watch", false);
  film.focus();
  film.play().catch(() => {});
});

function choose(id) {
  chosen = id;
  draw();
  at("name").focus();
  scrollTo({ top: 0 });
}

// --- the line to the computer

function stumble(trouble, quietly = false) {
  if (!(trouble instanceof Trouble)) throw trouble;
  if (trouble.board) take(trouble.board);
  if (trouble.kind === "unpaired") return unpaired("unpaired_more");
  if (trouble.kind === "offline") return offline(true);
  if (!quietly) toast(word(trouble.kind === "refused" ? "refused" : "trouble"));
}

function offline(yes) {
  if (yes && at("offline").hidden) hear(word("offline"));
  show("offline", yes);
}

function unpaired(why) {
  paired = false;
  board = null;
  letGo();
  if (at("sheet").open) at("sheet").close();
  for (const id of ["story", "bar", "empty", "next", "later", "done", "offline"]) show(id, false);
  tell("title", word("title"));
  tell("unpaired-more", word(why));
  show("unpaired", true);
}

let askedAt = performance.now();

async function refresh() {
  askedAt = performance.now();
  try {
    const news = await stories();
    offline(false);
    take(news);
  } catch (trouble) {
    stumble(trouble, true);
  }
}

const BECAUSE = { secret: "bad_code", slowly: "slowly" };

async function pairs(secret) {
  tell("title", word("pairing"));
  for (;;) {
    try {
      await pair(secret);
      paired = true;
      toast(word("paired"));
      return true;
    } catch (trouble) {
      if (paired && trouble.kind !== "offline") {
        toast(word(BECAUSE[trouble.kind] ?? "trouble"));
        return true; // it is let in already, whatever that code was
      }
      if (trouble.kind !== "offline") {
        unpaired(BECAUSE[trouble.kind] ?? "trouble");
        return false;
      }
      offline(true);
      await pause(AGAIN_MS);
    }
  }
}

const SECRET = /^#pair=([\w-]+)$/;

async function start() {
  const secret = SECRET.exec(location.hash)?.[1];
  if (location.hash) history.replaceState(null, "", location.pathname); // it must not stay in any history
  if (secret && !(await pairs(secret))) return;
  if (!paired) return unpaired("unpaired_more");
  const first = secret ? null : storiesAtFirst();
  if (first) take(first);
  const all = refresh(); // with what comes later, and what is done
  if (!first) await all;
  if (current()?.state === "shared") question(current()); // the browser was closed meanwhile
}

addEventListener("hashchange", start);
setInterval(() => {
  const over = board?.ready.some((story) => new Date(story.expires) <= now());
  const rest = over || !at("offline").hidden ? AGAIN_MS : EVERY_MS;
  if (document.visibilityState === "visible" && paired && performance.now() - askedAt >= rest) refresh();
}, TICK_MS);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "visible") return;
  if (openedApp && current()) question(current());
  openedApp = false;
  if (paired) refresh();
});
start();
