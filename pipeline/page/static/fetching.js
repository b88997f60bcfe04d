// A story's file, whole and checked, before there is a button to share it. A broken line is taken up where it broke.

const TRIES = 6;
const WAIT_MS = 1500;

const pause = (ms) => new Promise((go) => setTimeout(go, ms));

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
  for (let left = TRIES; ; left--) {
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
    await pause(WAIT_MS);
  }
}
