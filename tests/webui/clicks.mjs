// The node's page in a real browser: clicks, keys, dropped files, a phone. usage: node clicks.mjs URL SCREENSHOTS
// URL is that of /webui/ on the API port of a running node whose MFS is empty.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createRequire } from "node:module";

const require = createRequire(join(process.env.CAIRN_NODE_MODULES ?? process.cwd(), "package.json"));
const { chromium } = require("playwright-core");
const [base, pictures] = process.argv.slice(2);
mkdirSync(pictures, { recursive: true });

let passed = 0;
const failed = [];
const check = (what, is) => { if (is) passed++; else { failed.push(what); console.log(`FAILED: ${what}`); } };

const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: flags });
const context = await browser.newContext({ viewport: { width: 1280, height: 860 } });
await context.route((u) => u.host !== new URL(base).host, (r) => { failed.push(`the page asked ${r.request().url()}`); r.abort(); });
const page = await context.newPage();
page.on("pageerror", (e) => { failed.push(`the page threw ${e}`); console.log(e); });
let expecting = "";  // the status of a refusal that a step asks for
page.on("console", (m) => { if (m.type() === "error" && !(expecting && m.text().includes(expecting))) failed.push(`the page complained: ${m.text()}`); });
const shot = (name, of = page) => of.screenshot({ path: join(pictures, `${name}.png`) });
const names = () => page.locator("#entries .name").allTextContents();
const until = async (what, is, ms = 10000) => {
  const end = Date.now() + ms;
  while (Date.now() < end) { if (await is()) return check(what, true); await page.waitForTimeout(50); }
  check(what, false);
};
const answer = async (text) => {
  if (text !== undefined) await page.fill("#ask-input", text);
  await page.click("#ask-yes");
};

// the node
await page.goto(base, { waitUntil: "load" });
await until("the peer ID is shown", async () => /12D3Koo|Qm/.test(await page.locator("#identity").textContent()));
await until("the state says running", async () => (await page.locator("#state").textContent()).includes("running"));
check("the size of the store is shown", /\d+ (B|KiB|MiB|GiB)/.test(await page.locator("#store-size").textContent()));
await until("the manifest is shown", async () => (await page.locator("#manifest").textContent()).includes("dag-cbor"));
await shot("node");

// files: a folder, an upload, the keyboard
await page.click("header nav a[data-view=files]");
await until("an empty tree says so", () => page.locator("#empty").isVisible());
await page.click("#new-folder");
await answer("notes");
await until("the folder is listed", async () => (await names()).includes("notes"));
await page.setInputFiles("#pick", [
  { name: "hello.txt", mimeType: "text/plain", buffer: Buffer.from("hello from the page\n") },
  { name: "ünïcode & <b>.txt", mimeType: "text/plain", buffer: Buffer.from("angle brackets\n") },
  { name: "big.bin", mimeType: "application/octet-stream", buffer: Buffer.alloc(3 << 20, 7) },
]);
await until("three uploads are listed", async () => (await names()).length === 4, 20000);
check("a name with markup is text", (await names()).includes("ünïcode & <b>.txt"));
await page.click("#entries li:has-text('hello.txt')");
await until("a text is previewed", async () => (await page.locator("#preview").textContent()).includes("hello from the page"));
await shot("files");
await page.focus("#entries");
await page.keyboard.press("Home");
await page.keyboard.press("Enter");
await until("Enter opens a folder", async () => (await page.locator("#crumbs").textContent()).includes("notes"));
await page.focus("#entries");
await page.keyboard.press("Backspace");
await until("Backspace goes up", async () => (await names()).length === 4);
await page.focus("#entries");
await page.keyboard.press("End");
await page.keyboard.press("F2");
await answer("renamed.txt");
await until("F2 renames", async () => (await names()).includes("renamed.txt"));

// dropped files, as a desktop hands them over
const dropped = await page.evaluateHandle(() => {
  const t = new DataTransfer();
  t.items.add(new File(["dropped\n"], "dropped.txt", { type: "text/plain" }));
  return t;
});
await page.dispatchEvent("#drop", "dragover", { dataTransfer: dropped });
await page.dispatchEvent("#drop", "drop", { dataTransfer: dropped });
await until("a dropped file is listed", async () => (await names()).includes("dropped.txt"));
const png = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");
await page.setInputFiles("#pick", [{ name: "dot.png", mimeType: "image/png", buffer: png }]);
await until("a picture is listed", async () => (await names()).includes("dot.png"));
await page.click("#entries li:has-text('dot.png')");
await until("a picture is previewed", () => page.evaluate(() => document.querySelector("#preview img")?.naturalWidth === 1));
await page.click("#entries li:has-text('dropped.txt')");
await page.focus("#entries");
await page.keyboard.press("Delete");
await answer();
await until("Delete removes after a question", async () => !(await names()).includes("dropped.txt"));
const download = page.waitForEvent("download");
await page.click("#entries li:has-text('hello.txt')");
await page.click("#preview button:has-text('Download')");
check("a file is downloaded under its name", (await download).suggestedFilename() === "hello.txt");

// pins
await page.click("#entries li:has-text('hello.txt')");
await until("its CID is shown", async () => /^baf/.test(await page.locator("#preview > .cid").textContent()));
const id = await page.locator("#preview > .cid").textContent();
await page.click("header nav a[data-view=pins]");
await page.fill("#pin-form input[name=what]", id);
await page.fill("#pin-form input[name=name]", "a greeting");
await page.click("#pin-form button");
await until("the pin is listed with its name", async () => (await page.locator("#pin-rows").textContent()).includes("a greeting"));
await page.fill("#pin-filter", "greeting");
check("the filter finds it alone", await page.locator("#pin-rows tr").count() === 1);
await shot("pins");
await page.click("#pin-rows button");
await answer();
await page.fill("#pin-filter", "");
await until("the pin is gone", async () => !(await page.locator("#pin-rows").textContent()).includes("a greeting"));
expecting = "500";
await page.fill("#pin-form input[name=what]", "not a cid");
await page.click("#pin-form button");
await until("an error is shown in words", () => page.locator("#tray .bad").first().isVisible());

expecting = "";

// work
await page.click("header nav a[data-view=work]");
await until("the uploads show their speed", async () => /big\.bin: 3\.\d MiB in .*\/s/.test(await page.locator("#jobs").textContent()));
await until("finished commands are listed", async () => (await page.locator("#finished").textContent()).includes("pin/"));
await shot("work");

// a phone: nothing wider than the screen
const phone = await browser.newContext({ viewport: { width: 390, height: 780 }, isMobile: true, hasTouch: true, colorScheme: "dark" });
const small = await phone.newPage();
for (const view of ["node", "files", "pins", "work"]) {
  await small.goto(`${base}#/${view}`, { waitUntil: "load" });
  await small.waitForTimeout(300);
  check(`${view} fits a phone`, await small.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  await shot(`phone-${view}`, small);
}
await browser.close();
writeFileSync(join(pictures, "result.txt"), `${passed} passed, ${failed.length} failed\n${failed.join("\n")}\n`);
console.log(`${passed} passed, ${failed.length} failed`);
process.exit(failed.length ? 1 : 0);
