// All of it is comfort: every page works without this file. It listens on the document, because htmx swaps parts.
const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => root.querySelectorAll(selector);
const on = (type, selector, act) => document.addEventListener(type, (e) => {
  const found = e.target.closest?.(selector);
  if (found) act(found, e);
});
const say = (text) => { const live = $("#live"); if (live && text && live.textContent !== text) live.textContent = text; };

// "/" finds, "g s" and "g r" go, "?" helps; never while somebody types
let g = 0;
addEventListener("keydown", (e) => {
  // the dashboard begins in the search box: there the key that leads to it is no letter of a search
  if (e.key === "/" && e.target.value === "" && e.target.matches("[data-search]")) return e.preventDefault();
  if (e.ctrlKey || e.metaKey || e.altKey || e.target.closest?.("input, textarea, select, [contenteditable]")) return;
  if (e.key === "/" && $("[data-search]")) { e.preventDefault(); $("[data-search]").focus(); $("[data-search]").select(); }
  else if (e.key === "?") $("#keys")?.togglePopover();
  else if (e.key === "g") g = Date.now();
  else if (Date.now() - g < 1000 && e.key === "s") location.href = "/secrets";
  else if (Date.now() - g < 1000 && e.key === "r") location.href = "/rotations";
});

// the arrows go from the search box through what was found, Escape goes back and closes it
on("keydown", ".search", (form, e) => {
  const box = $("[data-search]", form), links = [...$$("#found a", form)];
  if (e.key === "Escape" && links.length) { e.preventDefault(); $("#found", form).replaceChildren(); box.focus(); return; }
  if (!["ArrowDown", "ArrowUp"].includes(e.key) || !links.length) return;
  e.preventDefault();
  const at = links.indexOf(e.target) + (e.key === "ArrowDown" ? 1 : -1);
  (at < 0 || (at >= links.length) ? box : links[at]).focus();
});

// theme: a cookie that the server reads; without script the form posts
on("submit", "[data-theme-form]", (form, e) => {
  e.preventDefault();
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  document.cookie = `theme=${root.dataset.theme}; path=/; max-age=31536000; samesite=lax${location.protocol === "https:" ? "; secure" : ""}`;
  say(`${dark ? "Light" : "Dark"} colours`);
});

// a floating menu closes on Escape and on a click elsewhere
addEventListener("click", (e) => $$("[data-menu][open]").forEach((menu) => menu.contains(e.target) || (menu.open = false)));
addEventListener("keydown", (e) => {
  const menu = e.key === "Escape" && $("[data-menu][open]");
  if (menu) { menu.open = false; $("summary", menu).focus(); }
});

// choose all on this page
on("change", "[data-pick-all]", (all) => $$(".pick", all.form).forEach((box) => (box.checked = all.checked)));

// a filter form leaves out what is not set, so that addresses stay short; a plain submit and htmx both come through here
document.addEventListener("formdata", (e) => {
  if (!e.target.matches("[data-lean]")) return;
  for (const [name, value] of [...e.formData]) if (value === "") e.formData.delete(name);
});

// what htmx has changed is announced; its indicator is the class on the form
document.addEventListener("htmx:after:swap", () => { days(); say($("#results [data-announce], #steps [data-announce]")?.textContent); });

// dates as the reader's locale writes them
function days() {
  const format = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
  for (const time of $$("time[data-day]")) { time.textContent = format.format(new Date(time.dateTime)); delete time.dataset.day; }
}
days();

// the form of a new secret is as loud as the chosen environment, and asks for the reason that production asks for
const weigh = (select) => {
  const weight = select.selectedOptions[0]?.dataset.weight ?? "", reason = $("#f-reason", select.form);
  if (weight) $("#main").dataset.stage = weight; else delete $("#main").dataset.stage;
  if (!reason) return; // an import asks for it on its preview
  reason.required = weight === "production";
  $(".optional", reason.parentElement).hidden = reason.required;
};
on("change", "[data-weights]", weigh);
$$("[data-weights]").forEach(weigh);

// no form is sent twice, none is lost
const sent = new WeakSet();
const dirty = new Set($$("form[data-warn-unsaved]:has(.errors)"));
const unsaved = (form) => { dirty.add(form); const mark = $("[data-unsaved]", form); if (mark) mark.hidden = false; };
dirty.forEach(unsaved);
on("input", "form[data-warn-unsaved]", unsaved);
document.addEventListener("submit", (e) => {
  const form = e.target;
  if (e.defaultPrevented || form.method !== "post" || form.matches("[data-download]")) return; // a download may be sent again
  if (sent.has(form)) return e.preventDefault();
  sent.add(form);
  dirty.delete(form);
  setTimeout(() => e.submitter?.setAttribute("aria-disabled", "true"));
});
addEventListener("pageshow", (e) => e.persisted && $$("form").forEach((form) => {
  sent.delete(form);
  $$("[aria-disabled]", form).forEach((button) => button.removeAttribute("aria-disabled"));
}));
addEventListener("beforeunload", (e) => dirty.size && e.preventDefault());

// the summary of what is wrong takes the focus, so that it is read first
$("[data-focus]")?.focus();

// how long a value is, while it is typed
on("input", "[data-bytes]", (area) => {
  const count = area.parentElement.querySelector(".bytes") ?? area.insertAdjacentElement("afterend", Object.assign(document.createElement("p"), { className: "help bytes" }));
  const bytes = new TextEncoder().encode(area.value).length, lines = area.value.split("\n").length;
  count.textContent = `${bytes.toLocaleString()} ${bytes === 1 ? "byte" : "bytes"}, ${lines === 1 ? "one line" : `${lines} lines`}${bytes > 65536 ? ": too long, 65,536 is the most" : ""}`;
});

// a message to an identity provider goes on by itself
$("[data-send-now]")?.submit();

// a text is copied by a press on the button beside it; without script, or where the browser does not let, it is chosen by hand
if (navigator.clipboard) $$("[data-copy-of]").forEach((button) => { button.hidden = false; });
on("click", "[data-copy-of]", async (button) => {
  try {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copyOf).textContent);
    say("Copied");
    button.lastChild.textContent = "Copied";
  } catch { say("Not copied: the browser refused. Choose the text and copy it by hand."); }
});

// a revealed value hides itself, also when the page comes back from the back-forward cache
const open = $("[data-hide-after]");
if (open) {
  const wipe = () => $("[data-value]", open)?.replaceChildren();
  const hide = () => { wipe(); location.replace(open.dataset.hideTo); };
  const end = Date.now() + open.dataset.hideAfter * 1000;
  const timer = setInterval(() => {
    const left = Math.ceil((end - Date.now()) / 1000);
    $("[data-countdown]").textContent = `Hides itself in ${Math.max(left, 0)} s`;
    if (left <= 0) { clearInterval(timer); hide(); }
  }, 250);
  addEventListener("pageshow", (e) => e.persisted && hide());
  addEventListener("pagehide", wipe);
  const copy = $("[data-copy]", open);
  if (copy && navigator.clipboard) {
    copy.hidden = false;
    copy.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText($("[data-value]", open).textContent); // no newline is added
        say("Copied");
        copy.lastChild.textContent = "Copied";
      } catch { say("Not copied: the browser refused. Choose the text and copy it by hand."); $("[data-value]", open).focus(); }
    });
  }
}
