// The node's page: reads and drives /api/v0 of its own origin, and nothing else. Names and CIDs reach the page as text only.

const $ = (id) => document.getElementById(id);
const make = (tag, props = {}, ...children) => {
  const e = Object.assign(document.createElement(tag), props);
  e.append(...children);
  return e;
};
const page = 400;  // rows shown before "Show more"

// --- the API

const url = (command, args = [], options = {}) => {
  const q = new URLSearchParams();
  for (const a of args) q.append("arg", a);
  for (const [k, v] of Object.entries(options)) q.append(k, v);
  return `/api/v0/${command}?${q}`;
};
const failure = async (response) => {
  const text = await response.text();
  try { return JSON.parse(text).Message || text; } catch { return text || response.statusText; }
};
const call = async (command, args, options) => {
  const response = await fetch(url(command, args, options), { method: "POST" });
  if (!response.ok) throw new Error(await failure(response));
  return response;
};
const ask_api = async (command, args, options) => {
  const text = await (await call(command, args, options)).text();
  return text ? JSON.parse(text) : {};
};
// each value of a stream of JSON lines
async function* lines(command, args, options) {
  const reader = (await call(command, args, options)).body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    const parts = (rest + value).split("\n");
    rest = parts.pop();
    for (const p of parts) if (p) yield JSON.parse(p);
  }
  if (rest.trim()) yield JSON.parse(rest);
}

// --- words

const units = ["B", "KiB", "MiB", "GiB", "TiB"];
const size_text = (n) => {
  let u = 0;
  while (n >= 1024 && u < units.length - 1) { n /= 1024; u++; }
  return `${n < 10 && u ? n.toFixed(1) : Math.round(n)} ${units[u]}`;
};
const time_text = (ms) => ms < 1000 ? `${Math.max(0, Math.round(ms))} ms` : ms < 120e3 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 60e3)} min`;
const rows = (list, pairs) => list.replaceChildren(...pairs.flatMap(([k, v]) => [make("dt", { textContent: k }), make("dd", {}, v)]));
const cid_text = (id) => make("span", { className: "cid", textContent: id });

const note = (text, bad = false) => {
  const n = make("div", { className: bad ? "note bad" : "note", textContent: text });
  $("tray").append(n);
  setTimeout(() => n.remove(), bad ? 12000 : 4000);
  return n;
};
const tried = (work) => async (...a) => { try { return await work(...a); } catch (e) { note(e.message, true); } };

const ask = (text, value) => new Promise((answer) => {
  $("ask-text").textContent = text;
  $("ask-input").hidden = value === undefined;
  $("ask-input").value = value ?? "";
  $("ask").returnValue = "no";
  $("ask").onclose = () => answer($("ask").returnValue === "yes" ? (value === undefined ? true : $("ask-input").value) : null);
  $("ask").showModal();
  (value === undefined ? $("ask-yes") : $("ask-input")).focus();
});
// Enter means yes, whichever button stands first
$("ask-input").addEventListener("keydown", (e) => { if (e.key === "Enter") { e.preventDefault(); $("ask").close("yes"); } });

const copy = tried(async (text) => {
  if (navigator.clipboard) await navigator.clipboard.writeText(text);
  note("Copied");
});

// --- the node

const samples = [];
const show_growth = (bytes) => {
  samples.push({ at: Date.now(), bytes });
  if (samples.length > 300) samples.splice(1, 1);
  const first = samples[0], low = Math.min(...samples.map((s) => s.bytes)), high = Math.max(...samples.map((s) => s.bytes), low + 1);
  const span = Math.max(1, Date.now() - first.at);
  $("growth").querySelector("polyline").setAttribute("points", samples.map((s) => `${(s.at - first.at) / span * 300},${56 - (s.bytes - low) / (high - low) * 52}`).join(" "));
  const grown = bytes - first.bytes;
  $("growth-text").textContent = `${grown < 0 ? "−" : "+"}${size_text(Math.abs(grown))} since this page opened, ${time_text(span)} ago`;
};
const show_store = async () => {
  const s = await ask_api("repo/stat");
  const limit = Number(s.StorageMax);
  $("store-size").textContent = size_text(s.RepoSize);
  $("store-max").textContent = limit > 0 && limit < 2 ** 62 ? `of ${size_text(limit)}` : "no limit set";
  $("store-meter").value = limit > 0 ? Math.min(1, s.RepoSize / limit) : 0;
  rows($("store"), [["Blocks", s.NumObjects.toLocaleString()], ["Folder", s.RepoPath], ["Format", s.Version]]);
  show_growth(s.RepoSize);
};
const show_node = async () => {
  const id = await ask_api("id");
  const addresses = make("ul", {}, ...(id.Addresses ?? []).map((a) => make("li", {}, make("code", { textContent: a }))));
  rows($("identity"), [
    ["Peer ID", make("span", {}, cid_text(id.ID), make("button", { className: "plain", textContent: "Copy", onclick: () => copy(id.ID) }))],
    ["Agent", id.AgentVersion], ["Addresses", id.Addresses?.length ? addresses : "none: this node talks to no peer"],
  ]);
  await show_store();
  const response = await fetch("manifest.json");
  if (!response.ok) return rows($("manifest"), [["", "this node does not say"]]);
  rows($("manifest"), Object.entries(await response.json()).map(([k, v]) => [k, Array.isArray(v) ? make("div", { className: "chips" }, ...v.map((x) => make("span", { textContent: x }))) : String(v)]));
};

// --- files

let here = "/", entries = [], shown = page, chosen = -1, opened = null;
const join = (folder, name) => folder === "/" ? `/${name}` : `${folder}/${name}`;
const is_folder = (e) => e.Type === 1;

const sign = (folder) => {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg"), path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", folder ? "M3 5h7l2 2h9v12H3z" : "M6 2h8l5 5v15H6zm8 1.500V8h4.500z");
  svg.append(path);
  return svg;
};
const show_entries = () => {
  const visible = entries.slice(0, shown);
  $("entries").replaceChildren(...visible.map((e, i) => {
    const row = make("li", { id: `entry-${i}`, onclick: () => { choose(i); if (is_folder(e)) open_entry(i); } },
      sign(is_folder(e)), make("span", { className: "name", textContent: e.Name, title: e.Name }),
      make("span", { className: "size", textContent: is_folder(e) ? "folder" : size_text(e.Size) }));
    row.setAttribute("role", "option");
    return row;
  }));
  $("empty").hidden = entries.length > 0;
  $("more").hidden = entries.length <= shown;
  $("more").textContent = `Show more (${(entries.length - shown).toLocaleString()} left)`;
};
const choose = (i, preview = true) => {
  if (!entries.length) return;
  chosen = Math.max(0, Math.min(i, Math.min(shown, entries.length) - 1));
  for (const row of $("entries").children) row.setAttribute("aria-selected", row.id === `entry-${chosen}`);
  $("entries").setAttribute("aria-activedescendant", `entry-${chosen}`);
  $(`entry-${chosen}`)?.scrollIntoView({ block: "nearest" });
  if (preview) show_preview(entries[chosen]);
};
const go = (path) => { location.hash = "#/files" + path.split("/").map(encodeURIComponent).join("/"); };
const open_entry = (i) => { if (entries[i] && is_folder(entries[i])) go(join(here, entries[i].Name)); };
const show_files = async (path = here) => {
  const listed = await ask_api("files/ls", [path], { long: true });
  here = path;
  entries = (listed.Entries ?? []).sort((a, b) => is_folder(b) - is_folder(a) || a.Name.localeCompare(b.Name));
  shown = page;
  chosen = -1;
  const parts = here.split("/").filter(Boolean);
  $("crumbs").replaceChildren(...["", ...parts].map((name, i) => {
    const target = "/" + parts.slice(0, i).join("/");
    return make("a", { textContent: name || "all files", href: "#/files" + target.split("/").map(encodeURIComponent).join("/") });
  }));
  show_entries();
};

const kinds = { png: "image", jpg: "image", jpeg: "image", gif: "image", webp: "image", avif: "image", svg: "image", mp4: "video", webm: "video", mp3: "audio", ogg: "audio", wav: "audio", flac: "audio" };
const types = { svg: "image/svg+xml", png: "image/png", jpg: "image/jpeg", jpeg: "image/jpeg", gif: "image/gif", webp: "image/webp", avif: "image/avif", mp4: "video/mp4", webm: "video/webm", mp3: "audio/mpeg", ogg: "audio/ogg", wav: "audio/wav", flac: "audio/flac" };
const show_preview = tried(async (e) => {
  const path = join(here, e.Name);
  if (opened) URL.revokeObjectURL(opened);
  opened = null;
  const body = make("div");
  const buttons = make("div", { className: "buttons" },
    ...(is_folder(e) ? [make("button", { textContent: "Open", onclick: () => go(path) })] : [make("button", { textContent: "Download", onclick: () => download(e) })]),
    make("button", { textContent: "Copy CID", onclick: () => copy(e.Hash) }), make("button", { textContent: "Rename", onclick: () => rename(e) }),
    make("button", { textContent: "Remove", onclick: () => remove(e) }));
  $("preview").replaceChildren(make("h2", { textContent: e.Name }), cid_text(e.Hash), buttons, body);
  if (is_folder(e)) return;
  const ending = e.Name.split(".").pop().toLowerCase(), kind = kinds[ending];
  if (kind && e.Size <= 64 * 2 ** 20) {
    const blob = await (await call("files/read", [path])).blob();
    opened = URL.createObjectURL(new Blob([blob], { type: types[ending] }));
    const shown_as = make({ image: "img", video: "video", audio: "audio" }[kind], { src: opened });
    if (kind === "image") shown_as.alt = e.Name; else shown_as.controls = true;
    body.replaceChildren(shown_as);
    return;
  }
  const front = new Uint8Array(await (await call("files/read", [path], { count: 64 * 1024 })).arrayBuffer());
  if (!e.Size) body.replaceChildren(make("p", { className: "quiet", textContent: "An empty file." }));
  else if (front.includes(0)) body.replaceChildren(make("p", { className: "quiet", textContent: `${size_text(e.Size)} of data that is no text.` }));
  else body.replaceChildren(make("pre", { textContent: new TextDecoder().decode(front) }), ...(e.Size > front.length ? [make("p", { className: "quiet", textContent: "The beginning of the file." })] : []));
});
const download = tried(async (e) => {
  const blob = await (await call("files/read", [join(here, e.Name)])).blob();
  const target = URL.createObjectURL(blob);
  make("a", { href: target, download: e.Name }).click();
  setTimeout(() => URL.revokeObjectURL(target), 60000);
});
const remove = tried(async (e) => {
  if (!await ask(`Remove ${e.Name}${is_folder(e) ? " and all that is in it" : ""}?`)) return;
  await call("files/rm", [join(here, e.Name)], { recursive: true, force: true });
  await show_files();
  $("entries").focus();
});
const rename = tried(async (e) => {
  const name = await ask("New name", e.Name);
  if (!name || name === e.Name) return;
  await call("files/mv", [join(here, e.Name), join(here, name)]);
  await show_files();
  choose(entries.findIndex((x) => x.Name === name));
  $("entries").focus();
});
$("new-folder").onclick = tried(async () => {
  const name = await ask("Name of the folder", "");
  if (!name) return;
  await call("files/mkdir", [join(here, name)]);
  await show_files();
});
$("more").onclick = () => { shown += page; show_entries(); };
$("entries").addEventListener("keydown", (event) => {
  const acts = {
    ArrowDown: () => choose(chosen + 1), ArrowUp: () => choose(chosen - 1), Home: () => choose(0), End: () => choose(entries.length - 1),
    Enter: () => open_entry(chosen), Backspace: () => here !== "/" && go(here.slice(0, here.lastIndexOf("/")) || "/"),
    Delete: () => entries[chosen] && remove(entries[chosen]), F2: () => entries[chosen] && rename(entries[chosen]),
  };
  if (!acts[event.key]) return;
  event.preventDefault();
  acts[event.key]();
});

// --- uploads

const upload = (file, folder, name) => new Promise((done) => {
  $("no-jobs")?.remove();
  const bar = make("progress", { max: 1, value: 0 }), text = make("div", { textContent: `${name}: waiting` });
  const job = make("li", {}, text, bar), tray = make("div", { className: "note" }, `Uploading ${name}`, make("progress", { max: 1, value: 0 }));
  $("jobs").prepend(job);
  $("tray").append(tray);
  const started = Date.now(), request = new XMLHttpRequest(), form = new FormData();
  form.append("file", file, encodeURIComponent(name));
  request.open("POST", url("add", [], { "to-files": join(folder, name), "cid-version": 1, pin: false, progress: false }));
  request.upload.onprogress = (e) => {
    bar.value = tray.lastChild.value = e.total ? e.loaded / e.total : 1;
    text.textContent = `${name}: ${size_text(e.loaded)} of ${size_text(e.total)}, ${size_text(e.loaded / Math.max(1, Date.now() - started) * 1000)}/s`;
  };
  request.onloadend = () => {
    const took = Date.now() - started;
    let trouble = request.status === 200 ? "" : request.responseText || "the node does not answer";
    try { trouble = JSON.parse(trouble).Message ?? trouble; } catch { /* it is text */ }
    tray.remove();
    bar.remove();
    text.textContent = trouble ? `${name}: ${trouble}` : `${name}: ${size_text(file.size)} in ${time_text(took)}, ${size_text(file.size / Math.max(1, took) * 1000)}/s`;
    if (trouble) note(`${name}: ${trouble}`, true);
    done(!trouble);
  };
  request.send(form);
});
const upload_all = tried(async (files) => {  // [{file, folder, name}]
  const made = new Set();
  for (const f of files) {
    if (f.folder !== here && !made.has(f.folder)) {
      await call("files/mkdir", [f.folder], { parents: true });
      made.add(f.folder);
    }
    if (f.file) await upload(f.file, f.folder, f.name);
  }
  await show_files();
});
const walk = async (entry, folder) => {
  if (entry.isFile) return [{ file: await new Promise((yes, no) => entry.file(yes, no)), folder, name: entry.name }];
  const inside = join(folder, entry.name), reader = entry.createReader(), found = [{ folder: inside }];
  for (;;) {
    const some = await new Promise((yes, no) => reader.readEntries(yes, no));
    if (!some.length) return found;
    for (const e of some) found.push(...await walk(e, inside));
  }
};
const plain = (files) => [...files].map((file) => ({ file, folder: here, name: file.name }));
$("pick").onchange = async (e) => { await upload_all(plain(e.target.files)); e.target.value = ""; };
const drop = $("drop");
drop.ondragover = (e) => { e.preventDefault(); drop.classList.add("over"); };
drop.ondragleave = () => drop.classList.remove("over");
drop.ondrop = tried(async (e) => {
  e.preventDefault();
  drop.classList.remove("over");
  const trees = [...(e.dataTransfer.items ?? [])].map((i) => i.webkitGetAsEntry?.()).filter(Boolean);
  if (!trees.length) return upload_all(plain(e.dataTransfer.files));
  const all = [];
  for (const t of trees) all.push(...await walk(t, here));
  await upload_all(all);
});

// --- pins

let pins = [], pins_shown = page;
const show_pin_rows = () => {
  const part = $("pin-filter").value.toLowerCase();
  const found = pins.filter((p) => !part || p.Name.toLowerCase().includes(part) || p.Cid.toLowerCase().includes(part));
  $("pin-count").textContent = part ? `${found.length.toLocaleString()} of ${pins.length.toLocaleString()}` : pins.length.toLocaleString();
  $("pin-more").hidden = found.length <= pins_shown;
  $("pin-rows").replaceChildren(...found.slice(0, pins_shown).map((p) => make("tr", {}, make("td", { textContent: p.Name || "—" }), make("td", {}, cid_text(p.Cid)), make("td", { textContent: p.Type }),
    make("td", {}, make("button", { className: "plain", textContent: "Remove", ariaLabel: `Remove the pin of ${p.Name || p.Cid}`, onclick: tried(async () => {
      if (!await ask(`Remove the pin of ${p.Name || p.Cid}? What nothing else keeps goes with the next collection.`)) return;
      await call("pin/rm", [p.Cid], { recursive: p.Type !== "direct" });
      await show_pins();
    }) })))));
};
const show_pins = async () => {
  const found = [];
  for (const type of ["recursive", "direct"])
    for await (const p of lines("pin/ls", [], { type, names: true, stream: true })) if (p.Cid) found.push({ Name: p.Name ?? "", ...p });
  pins = found.sort((a, b) => a.Name.localeCompare(b.Name) || a.Cid.localeCompare(b.Cid));
  show_pin_rows();
};
$("pin-filter").oninput = () => { pins_shown = page; show_pin_rows(); };
$("pin-more").onclick = () => { pins_shown += page; show_pin_rows(); };
$("pin-form").onsubmit = tried(async (e) => {
  e.preventDefault();
  const { what, name } = e.target.elements, button = e.target.querySelector("button");
  button.disabled = true;
  try {
    await call("pin/add", [what.value.trim()], name.value ? { name: name.value } : {});
    e.target.reset();
  } finally { button.disabled = false; }
  await show_pins();
  what.focus();
});

// --- work

const command_text = (c) => [c.Command, ...(c.Args ?? [])].join(" ");
const show_work = async () => {
  const all = (await ask_api("diag/cmds")) ?? [];
  const mine = (c) => c.Command === "diag/cmds" || c.Command === "repo/stat";
  const running = all.filter((c) => c.Active && !mine(c)), done = all.filter((c) => !c.Active && !mine(c)).reverse().slice(0, 50);
  const none = (n) => make("tr", {}, make("td", { colSpan: n, className: "quiet", textContent: "nothing" }));
  $("running").replaceChildren(...running.map((c) => make("tr", {}, make("td", {}, make("code", { textContent: command_text(c) })), make("td", { textContent: time_text(Date.now() - new Date(c.StartTime)) }))));
  if (!running.length) $("running").append(none(2));
  $("finished").replaceChildren(...done.map((c) => make("tr", {}, make("td", {}, make("code", { textContent: command_text(c) })), make("td", { textContent: time_text(new Date(c.EndTime) - new Date(c.StartTime)) }), make("td", { textContent: new Date(c.EndTime).toLocaleTimeString() }))));
  if (!done.length) $("finished").append(none(3));
};

// --- views

const views = { node: show_node, files: () => show_files(decodeURIComponent(location.hash.slice("#/files".length)) || "/"), pins: show_pins, work: show_work };
const view = () => location.hash.split("/")[1] in views ? location.hash.split("/")[1] : "node";
const show = tried(async () => {
  for (const name of Object.keys(views)) $(name).hidden = name !== view();
  for (const a of document.querySelectorAll("header nav a")) a.dataset.view === view() ? a.setAttribute("aria-current", "page") : a.removeAttribute("aria-current");
  document.title = `${view()} · cairn`;
  await views[view()]();
});
addEventListener("hashchange", show);

const beat = async () => {
  try {
    const v = await ask_api("version");
    $("state").textContent = `running, speaks Kubo ${v.Version}`;
    $("state").className = "up";
    if (!document.hidden && view() === "node") await show_store();
    if (!document.hidden && view() === "work") await show_work();
  } catch {
    $("state").textContent = "the node does not answer";
    $("state").className = "down";
  }
  setTimeout(beat, 3000);
};
await show();
beat();
