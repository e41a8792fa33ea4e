/** What stands below a node's name on the canvas. */
import type { VideoProvider } from '../providers/types';

/** An expression: "Seedance: text to video, doubao-seedance-2-0" for Generate, "wait: task" for the others. */
export function buildSubtitle(providers: readonly VideoProvider[]): string {
	const names = JSON.stringify(Object.fromEntries(providers.map(({ id, displayName }) => [id, displayName])));
	const mode = '($parameter["mode"] || "").replace(/[A-Z]/g, (letter) => " " + letter.toLowerCase())';
	// n8n gives the value of a resource locator in place of the object.
	const model = '($parameter["model"] || "")';
	const generate = `[(${names})[$parameter["provider"]] + ": " + ${mode}, ${model}].filter((part) => part).join(", ")`;
	return `={{ $parameter["operation"] === "generate" ? ${generate} : $parameter["operation"] + ": " + $parameter["resource"] }}`;
}
