/**
 * The words that people type into n8n's node picker, with n8n's own matching (`sublimeSearch`) over a node's name and its
 * aliases. Whether the picker shows the actions is for the end-to-end test in the editor.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CometApiVideo } from '../../nodes/CometApiVideo/CometApiVideo.node';
import { CometApiVideoTrigger } from '../../nodes/CometApiVideo/CometApiVideoTrigger.node';
import { VIDEO_PROVIDERS } from '../../nodes/CometApiVideo/providers';

type Search = <T>(text: string, data: readonly T[], keys: typeof KEYS) => Array<{ item: T }>;
/** Not imported: its types are those of an ES module. */
const { sublimeSearch } = jest.requireActual<{ sublimeSearch: Search }>('@n8n/utils/search/sublime-search');

/** As the editor weighs them. */
const KEYS = [
	{ key: 'properties.displayName', weight: 1.3 },
	{ key: 'properties.codex.alias', weight: 1 },
];

const NODES = [new CometApiVideo(), new CometApiVideoTrigger()].map(({ description: { name, displayName } }) => {
	const file = `${name[0].toUpperCase()}${name.slice(1)}.node.json`;
	const text = readFileSync(join(__dirname, '../../nodes/CometApiVideo', file), 'utf8');
	const { alias } = JSON.parse(text) as { alias: string[] };
	return { properties: { displayName, codex: { alias } } };
});

const WORDS = [
	...['generate video', 'make video', 'create video', 'video generation', 'AI video'],
	...['text to video', 't2v', 'i2v', 'image to video'],
	...['veo3', 'veo 3', 'google veo', 'google', 'grok imagine', 'xai', 'bytedance', 'hailuo', 'minimax', 'kuaishou'],
	...['alibaba', 'openai', 'sora2', 'runwayml', 'shengshu', 'mj', 'black forest labs', 'gemini omni', 'doubao'],
	...['avatar', 'talking head', 'lip sync', 'ugc', 'tiktok', 'reels', 'shorts', 'animation', 'ad'],
	...['comet', 'cometapi'],
];
const PROVIDERS = VIDEO_PROVIDERS.filter(({ id }) => id !== 'custom').map(({ displayName }) =>
	displayName.replace(/ \(.+\)$/, ''),
);

test.each([...WORDS, ...PROVIDERS])('"%s" finds the node and its trigger', (word) => {
	const found = sublimeSearch(word, NODES, KEYS).map(({ item }) => item.properties.displayName);
	expect(found.sort()).toEqual(['CometAPI Video', 'CometAPI Video Trigger']);
});

test('what has nothing to do with videos does not find it', () => {
	expect(sublimeSearch('spreadsheet', NODES, KEYS)).toEqual([]);
});
