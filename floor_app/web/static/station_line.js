// The line to the atelier's machine: posts what this tablet did, and asks what others answered at this station.

const { base } = document.body.dataset;
let csrf = document.body.dataset.csrf;
let ahead_ms = Number(document.body.dataset.now) - Date.now();

export const clockAhead_ms = () => ahead_ms;

// {told}: answered. {refused}: this will never be accepted. {trouble}: try again ("no_network", "not_paired" or "busy").
export async function post(doing, body, timeout_ms) {
  try {
    return await posted(await request(`${base}/${doing}`, { timeout_ms, method: "POST", body: JSON.stringify(body) }));
  } catch {
    return { trouble: "no_network" };
  }
}

async function posted(response) {
  if (response.ok && !response.redirected) {
    const told = JSON.parse(response.text);
    ahead_ms = told.now_ms - Date.now();
    return { told };
  }
  if (response.redirected || [401, 403, 404].includes(response.status)) return { trouble: "not_paired" };
  const { code } = JSON.parse(response.text);
  if (code === "page_too_old") {
    await renewToken();
    return { trouble: "busy" };
  }
  const forGood = response.status < 500 && ![408, 429].includes(response.status);
  return forGood ? { refused: code } : { trouble: "busy" };
}

// The last answer of the station if it is not `seen`, null if there is nothing new; throws when nobody answers.
export async function askNow(seen) {
  const response = await request(`${base}/now?seen=${encodeURIComponent(seen)}`, { timeout_ms: 3000 });
  if (response.status === 204) return null;
  if (!response.ok || response.redirected) throw new Error(`status ${response.status}`);
  return JSON.parse(response.text);
}

// After another machine took over, or its key was renewed, the page's token is worth nothing: a new page has a new one.
async function renewToken() {
  const page = await request(base, { timeout_ms: 3000, accept: "text/html" });
  csrf = /data-csrf="([^"]+)"/.exec(page.text)?.[1] ?? csrf;
}

async function request(url, { timeout_ms, accept = "application/json", ...options }) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), timeout_ms);
  const headers = { Accept: accept, "Content-Type": "application/json", "X-CSRFToken": csrf };
  try {
    const response = await fetch(url, { ...options, headers, signal: stop.signal, cache: "no-store" });
    const { ok, status, redirected } = response;
    return { ok, status, redirected, text: await response.text() }; // the body within the time, too
  } finally {
    clearTimeout(timer);
  }
}
