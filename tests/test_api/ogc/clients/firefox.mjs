// Uses the page in Firefox: firefox.mjs FIREFOX ADDRESS SITE MAP. Prints what went wrong, as JSON.
import puppeteer from "puppeteer-core";

const [firefox, address, site, map] = process.argv.slice(2);
const browser = await puppeteer.launch({ browser: "firefox", executablePath: firefox });
const page = await browser.newPage();
const said = { verdict: null, published: null, failed: [], outside: [], problems: [] };
page.on("response", (one) => one.status() >= 400 && said.failed.push(`${one.status()} ${one.url()}`));
page.on("request", (one) => {
  if (!one.url().startsWith(address) && !/^(blob|data):/.test(one.url())) said.outside.push(one.url());
});
page.on("pageerror", (one) => said.problems.push(String(one)));
page.on("console", (one) => one.type() === "error" && said.problems.push(one.text()));
await page.setViewport({ width: 1366, height: 768 });
await page.goto(`${address}/?lang=zh#at=12/24.96/102.82&tab=check`);
await page.waitForSelector("ul.layers li");
await (await page.waitForSelector("#file")).uploadFile(site);
await page.waitForSelector("#verdict b", { visible: true, timeout: 60_000 });
said.verdict = await page.$eval("#verdict b", (one) => one.textContent);
const tile = page.waitForResponse((one) => one.url().startsWith(`${address}/tiles/`), { timeout: 30_000 });
await page.click("#tab-expand");
await page.select("#swipe-right", "slope");
await tile;
await page.goto(`${address}${map}`);
await page.waitForSelector(".leaflet-container svg path, .leaflet-container canvas", { timeout: 30_000 });
said.published = await page.title();
await browser.close();
console.log(JSON.stringify(said));
