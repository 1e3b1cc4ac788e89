// Runs Lighthouse over pages, one after the other in one browser, and prints a
// line of JSON for each: {"url", "scores": {category: 0 to 100}, "faults": […]}.
//
//     node lighthouse.mjs '{"chrome": PATH, "categories": […], "runs": [{"url": …, "skip": [audit, …]}, …]}'
//
// Its throttling is Lighthouse's own: a slow phone and network, simulated.
import {launch} from "chrome-launcher";
import lighthouse from "lighthouse";

const {chrome, categories, runs} = JSON.parse(process.argv[2]);
const chromeFlags = ["--headless=new", "--disable-quic", "--disable-component-update"];
if (process.getuid?.() === 0) chromeFlags.push("--no-sandbox"); // Chromium refuses to run its sandbox as root
const browser = await launch({chromePath: chrome, chromeFlags});
try {
	for (const {url, skip} of runs) {
		const {lhr} = await lighthouse(url, {
			port: browser.port, onlyCategories: categories, skipAudits: skip, disableFullPageScreenshot: true, logLevel: "error",
		});
		console.log(JSON.stringify({url, scores: scores(lhr), faults: faults(lhr)}));
	}
} finally {
	browser.kill();
}

function scores({categories}) {
	return Object.fromEntries(Object.values(categories).map(c => [c.id, Math.round(100 * c.score)]));
}

// faults are the audits that cost points, in Lighthouse's words.
function faults({categories, audits}) {
	const counted = Object.values(categories).flatMap(c => c.auditRefs).filter(ref => ref.weight > 0).map(ref => audits[ref.id]);
	return counted.filter(a => a && a.score !== null && a.score < 1)
		.map(a => [a.id, a.title, a.explanation, a.displayValue, a.errorMessage].filter(Boolean).join(": "));
}
