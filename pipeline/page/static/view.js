// What is seen: elements by their id, words in the person's language, lists from templates. Text only, never HTML.

const WORDS = JSON.parse(document.querySelector("meta[name=words]").content);
const LANGUAGE = document.documentElement.lang;
const HOUR_MS = 3_600_000;
const NAMES = new Intl.DateTimeFormat(LANGUAGE, { weekday: "short", hour: "2-digit", minute: "2-digit" });
const CLOCK = new Intl.DateTimeFormat(LANGUAGE, { hour: "2-digit", minute: "2-digit" });

export const at = (id) => document.getElementById(id);
export const show = (id, shown) => { at(id).hidden = !shown; };
export const word = (name, values = {}) =>
  WORDS[name].replace(/\{(\w+)\}/g, (_, key) => String(values[key] ?? ""));

// Only what has changed is told anew: a screen reader would read it again.
export function tell(id, text) {
  if (at(id).textContent !== text) at(id).textContent = text;
}

export const partOf = (story) => (story.parts > 1 ? word("part", { k: story.part, n: story.parts }) : "");

export const isUrgent = (expires, now) => new Date(expires) - now < 2 * HOUR_MS;

export function leftOf(expires, now) {
  const left = new Date(expires) - now;
  if (left >= 2 * HOUR_MS) return word("left_h", { n: Math.round(left / HOUR_MS) });
  return word("left_min", { n: Math.max(1, Math.round(left / 60_000)) });
}

export function when(moment, now) {
  const then = new Date(moment);
  return Math.abs(then - now) < 12 * HOUR_MS ? CLOCK.format(then) : NAMES.format(then);
}

const made = (id) => at(id).content.firstElementChild.cloneNode(true);

const drawn = new Map();

// A list is built anew only when it tells something else; the focus stays on the same story's button.
function list(id, entries, row) {
  const section = at(id);
  const told = JSON.stringify(entries);
  if (drawn.get(id) === told) return;
  drawn.set(id, told);
  const focused = section.contains(document.activeElement) ? document.activeElement.dataset.id : null;
  section.querySelector("ul").replaceChildren(...entries.map(row));
  section.hidden = entries.length === 0;
  if (focused) (section.querySelector(`button[data-id="${focused}"]`) ?? at("title")).focus();
}

export function showNext(stories, choose) {
  list("next", stories.map(({ id, name, app, part, parts, poster }) => ({ id, name, app, part, parts, poster })), (story) => {
    const row = made("thumb");
    const button = row.querySelector("button");
    const told = [story.app, partOf(story)].filter(Boolean).join(" · ");
    button.dataset.id = story.id;
    button.setAttribute("aria-label", word("choose", { name: `${story.name}, ${told}` }));
    if (story.poster) row.querySelector("img").src = story.poster;
    row.querySelector("span").textContent = partOf(story) || story.name;
    row.querySelector("small").textContent = story.app;
    button.addEventListener("click", () => choose(story.id));
    return row;
  });
}

export function showLater(stories, now) {
  list("later", stories.map((story) => ({ ...story, when: story.due ? when(story.due, now) : word("soon") })), (story) => {
    const row = made("coming");
    row.querySelector("strong").textContent = story.name;
    row.querySelector("span").textContent = [story.app, partOf(story)].filter(Boolean).join(" · ");
    row.querySelector("time").textContent = story.when;
    if (story.due) row.querySelector("time").dateTime = story.due;
    return row;
  });
}

export function showDone(stories, again) {
  list("done", stories.map(({ id, name, app, part, parts, poster, state, since, can }) => ({ id, name, app, part, parts, poster, state, since, can })), (story) => {
    const row = made("ended");
    const button = row.querySelector("button");
    const verb = ["undo", "retry"].find((one) => story.can.includes(one));
    if (story.poster) row.querySelector("img").src = story.poster;
    row.querySelector("strong").textContent = story.name;
    row.classList.add(story.state);
    row.querySelector(".text span").textContent = `${word(`state_${story.state}`)} · ${CLOCK.format(new Date(story.since))}`;
    row.querySelector(".text small").textContent = [story.app, partOf(story)].filter(Boolean).join(" · ");
    button.querySelector("span").textContent = word("send_again");
    button.setAttribute("aria-label", `${word("send_again")}: ${story.name} ${partOf(story)}`.trim());
    button.dataset.id = story.id;
    button.hidden = !verb;
    button.addEventListener("click", () => again(story.id, verb));
    return row;
  });
}

// Link, mentions and hashtags below the caption, each with its own button.
export function showWords(story, copy) {
  const told = JSON.stringify([story.id, story.caption, story.link, story.mentions, story.hashtags]);
  if (drawn.get("words") === told) return;
  drawn.set("words", told);
  tell("caption", story.caption || word("no_caption"));
  show("copy-caption", Boolean(story.caption));
  unfold(false);
  for (const old of document.querySelectorAll("#words .extra")) old.remove();
  const byHand = story.app !== "WhatsApp"; // there they go into fields or stickers of their own
  const extras = [
    ["link", story.link ?? ""],
    ["mentions", story.mentions.map((name) => `@${name}`).join(" ")],
    ["hashtags", story.hashtags.map((name) => `#${name}`).join(" ")],
  ].filter(([kind, text]) => text && ((byHand && kind !== "hashtags") || !story.caption.includes(text)));
  for (const [kind, text] of extras) {
    const row = made("extra");
    row.classList.add("extra");
    row.querySelector("h3").textContent = word(kind);
    row.querySelector("p").textContent = text;
    const button = row.querySelector("button");
    button.setAttribute("aria-label", `${word("copy")}: ${word(kind)}`);
    button.addEventListener("click", () => copy(text));
    at("words").append(row);
  }
}

// A long caption is folded to a few lines.
export function unfold(open) {
  const caption = at("caption");
  caption.classList.toggle("folded", !open);
  at("more").setAttribute("aria-expanded", String(open));
  tell("more", word(open ? "less" : "more"));
  show("more", open || caption.scrollHeight > caption.clientHeight + 1);
}

const BREATH_MS = 1500;
let heard = { text: "", at: -BREATH_MS };

// What a screen reader reads aloud: what comes in one breath together, the same words twice twice.
export function hear(text) {
  const before = performance.now() - heard.at < BREATH_MS && heard.text !== text ? `${heard.text}. ` : "";
  heard = { text: before + text, at: performance.now() };
  at("heard").textContent = "";
  setTimeout(() => { at("heard").textContent = heard.text; }, 60);
}

let fading = 0;

export function toast(text, undo = null) {
  clearTimeout(fading);
  tell("toast-text", text);
  hear(text);
  show("toast-undo", Boolean(undo));
  at("toast-undo").onclick = undo;
  show("toast", true);
  fading = setTimeout(() => show("toast", false), undo ? 10_000 : 3000);
}
