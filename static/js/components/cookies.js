// The choice about cookies: sent, acknowledged, then obeyed. Nothing optional is loaded before the server has said yes.

const root = document.documentElement;
const section = document.getElementById("cookie_banner");
const versions = parts(section.dataset.versions);
const loaded = new Set(); // groups that have been loaded into this page

function parts(text) {
  return Object.fromEntries(text.split("|").map((pair) => pair.split("=")));
}

function said() {
  return parts(/(?:^|; )cookie_consent="?([^";]*)/.exec(document.cookie)?.[1] ?? "");
}

function allows(group) {
  const answer = said();
  const version = answer[group] ?? "-1";
  const overruled = navigator.globalPrivacyControl && answer.gpc !== "1";
  return !overruled && version !== "-1" && version >= (versions[group] ?? "~");
}

// Loading what waited ---------------------------------------------------------------------------------------------------

function load(element) {
  if (element.localName === "script") {
    const script = document.createElement("script");
    for (const { name, value } of element.attributes) {
      if (!["type", "data-cookie-group", "data-src"].includes(name)) script.setAttribute(name, value);
    }
    if (element.dataset.src) script.src = element.dataset.src;
    script.text = element.text;
    element.replaceWith(script);
  } else if (element.localName === "figure") {
    import("./embeds.js").then((embeds) => embeds.show(element));
  } else {
    element.src = element.dataset.src;
    element.removeAttribute("data-cookie-group");
  }
}

function obey() {
  for (const element of document.querySelectorAll("[data-cookie-group]")) {
    if (!allows(element.dataset.cookieGroup)) continue;
    loaded.add(element.dataset.cookieGroup);
    load(element);
  }
  for (const field of document.querySelectorAll("input[name=groups]")) field.checked = allows(field.value);
  if (document.querySelector("[data-group]")) import("./cookies-page.js").then((page) => page.tell(said(), allows));
}

// What was loaded cannot be unloaded: a page that holds it begins anew.
export function recheck() {
  if ([...loaded].some((group) => !allows(group))) location.reload();
  else obey();
  withdrawn();
}

// Choosing --------------------------------------------------------------------------------------------------------------

export async function choose(form, button, quietly = false) {
  if (form.ariaBusy) return;
  form.ariaBusy = "true";
  const body = new URLSearchParams(new FormData(form, button));
  let answer;
  try {
    const response = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
    if (!response.ok) throw new Error(response.status);
    answer = await response.json();
  } catch {
    form.ariaBusy = null;
    if (!quietly) submitPlainly(form, button);
    return;
  }
  form.ariaBusy = null;
  for (const [kind, name] of answer.remove) forget(kind, name);
  if (!quietly) confirm(form);
  if ([...loaded].some((group) => !allows(group))) {
    location.hash = "cookie_said";
    location.reload();
  } else {
    obey();
  }
}

// The page that the plain form leads to says what happened, in the reader's language.
function submitPlainly(form, button) {
  form.dataset.component = "";
  form.requestSubmit(button);
}

// The signal came after a consent, so it is the later word: the consent is withdrawn, with a receipt.
function withdrawn() {
  const consented = Object.keys(versions).some((group) => (said()[group] ?? "-1") !== "-1");
  if (root.dataset.cookies !== "gpc" || !consented) return;
  const button = section.querySelector("button[value=gpc]");
  choose(button.form, button, true);
}

function forget(kind, name) {
  const store = { local: () => localStorage, session: () => sessionStorage }[kind]?.();
  const matches = (key) => (name.endsWith("*") ? key.startsWith(name.slice(0, -1)) : key === name);
  for (const key of store ? Object.keys(store) : []) if (matches(key)) store.removeItem(key);
}

function confirm(form) {
  if (form.matches(".embed__ask")) {
    root.dataset.cookies = "decided"; // what was asked for appears in its place and takes the focus
    return;
  }
  const height = section.offsetHeight;
  root.dataset.cookies = "said";
  if (section.contains(form)) section.style.minHeight = `${height}px`; // nothing below moves until Hide
  document.getElementById("cookie_said").focus();
}

export function hide() {
  root.dataset.cookies = "decided";
  section.style.minHeight = "";
  history.replaceState(null, "", location.pathname + location.search);
  const main = document.getElementById("main");
  main.tabIndex = -1;
  main.focus({ preventScroll: true });
}
