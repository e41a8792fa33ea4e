/** Where the answer to a create may name the task, and how its id may look. */
import type { NativeBody } from '../native/nativeReply';
import { inBody, plainReply, put, type Place } from './changes';
import type { DoubtfulWorld } from './doubtfulWorld';

const DOCUMENTED = 'https://apidoc.cometapi.com/api/video (2026-06-04)';
const WRAPPER = 'CometAPI: wrapper of March 2026';
const MAKERS = "the maker's own format, which such gateways pass on";
const GATEWAYS = 'replies of gateways of this kind';

const PLACES: ReadonlyArray<readonly [Place, string]> = [
	['id', DOCUMENTED],
	['task_id', DOCUMENTED],
	['data.id', WRAPPER],
	['data.task_id', WRAPPER],
	['data.taskId', `${GATEWAYS} (kie.ai)`],
	['data.request_id', `${MAKERS}: xAI in the wrapper`],
	['data.data.task_id', `${GATEWAYS}: two wrappers`],
	['data.0.id', GATEWAYS],
	['data.0.task_id', GATEWAYS],
	['data.task.id', GATEWAYS],
	['data', `${GATEWAYS}: the id alone`],
	['result', `${MAKERS}: Midjourney`],
	['result.id', GATEWAYS],
	['result.task_id', GATEWAYS],
	['request_id', `${MAKERS}: xAI, fal`],
	['task.id', GATEWAYS],
	['task.task_id', GATEWAYS],
	['taskId', GATEWAYS],
	['output.task_id', `${MAKERS}: Alibaba`],
	['video_id', GATEWAYS],
	['job_id', GATEWAYS],
	['generation_id', GATEWAYS],
];

const created = (body: (id: string, usual: NativeBody) => unknown) => inBody((usual, { task }) => body(task.id, usual));

export const ID_PLACE_WORLDS: readonly DoubtfulWorld[] = [
	...PLACES.map(([place, source]): DoubtfulWorld => ({
		name: `id at ${place}`,
		source,
		outcome: 'video',
		created: created((id) => put({}, place, id)),
	})),
	{
		name: 'id in a list of one',
		source: GATEWAYS,
		outcome: 'video',
		created: created((id) => [{ id, status: 'queued' }]),
	},
	{
		name: 'id beside another that is empty',
		source: 'gateways that fill in what they know: `id` empty, `task_id` set',
		outcome: 'video',
		created: created((id) => ({ id: '', task_id: id, status: 'queued', error: null })),
	},
	{
		name: 'id beside an empty error',
		source: 'the example of the "-all" models (2025-12-08): `error: null`; others send an empty object or text',
		outcome: 'video',
		created: created((id) => ({ id, status: 'queued', error: { message: '', code: '' }, message: '', code: 0 })),
	},
	{
		name: 'id in an answer that speaks of an error',
		source: 'ArcReel #1889: the task is made and billed, and a warning comes with it',
		outcome: 'video',
		created: created((id) => ({ id, status: 'queued', message: 'queue is long', code: 'slow' })),
	},
	{
		name: 'create answered with 201',
		source: 'HTTP: Created',
		outcome: 'video',
		created: (reply) => ({ ...reply, status: 201 }),
	},
	{
		name: 'create answered with 202',
		source: 'HTTP: Accepted, as asynchronous gateways answer',
		outcome: 'video',
		created: (reply) => ({ ...reply, status: 202 }),
	},
];

/** Something was made, and the answer does not say what. */
export const UNKNOWN_OUTCOME_WORLDS: readonly DoubtfulWorld[] = [
	{
		name: 'id in a place that nobody knows',
		source: 'CometAPI may change its interface',
		outcome: 'unknown',
		created: created((id) => ({ ticket: { number: id }, state: 'accepted' })),
	},
	{
		name: 'id in plain text',
		source: 'CometAPI may change its interface',
		outcome: 'unknown',
		created: (_reply, { task }) => plainReply(200, `accepted as ${task.id}`),
	},
	{
		name: 'create answered with nothing, 200',
		source: 'vercel/ai #17308, for looks; a create may meet the same',
		outcome: 'unknown',
		created: () => plainReply(200),
	},
	{
		name: 'create answered with nothing, 202',
		source: 'vercel/ai #17308, for looks; a create may meet the same',
		outcome: 'unknown',
		created: () => plainReply(202),
	},
	{
		name: 'create answered with 408',
		source: 'a time-out of the gateway: the provider may be at work',
		outcome: 'unknown',
		created: () => plainReply(408, { error: { message: 'Request Timeout' } }),
	},
	{
		name: 'create answered with 499',
		source: 'nginx: the client is said to have gone away; the provider may be at work',
		outcome: 'unknown',
		created: () => plainReply(499, '<html><h1>499</h1></html>'),
	},
];

/** new-api #1905, #2417, #2751: the whole name of an operation, base64. */
const LONG = Buffer.from(
	'projects/storied-legend-473423-m7/locations/us-central1/publishers/google/models/veo-3.1-fast-generate-preview/operations/',
).toString('base64url');

const FORMS: ReadonlyArray<readonly [string, string, (usual: string) => string]> = [
	['of 200 characters and more', 'new-api #1905, #2417, #2751', (usual) => `${LONG}${usual}`],
	[
		'of 500 characters',
		'the longest that the nodes promise to take',
		(usual) => `${usual}${'x'.repeat(500 - usual.length)}`,
	],
	['with padding', 'base64 with =', (usual) => `${usual}==`],
	['with a colon', 'gateways that write the provider in front', (usual) => `video_gen:${usual}`],
	['with a dot', 'ByteDance: cgt-2026.…', (usual) => `cgt-2026.1127-${usual}`],
	['with slashes', 'fal: owner/model/id', (usual) => `fal-ai/veo3/${usual}`],
	['with ~ and +', 'identifiers of cloud operations', (usual) => `task~a+${usual}`],
	['with a percent sign', 'an id that is escaped already', (usual) => `op%2F${usual}`],
	['with a question mark and a hash', 'characters with a meaning in addresses', (usual) => `op?${usual}#1`],
	['that is a name of JavaScript', 'prototype pollution', () => '__proto__'],
];

export const ID_FORM_WORLDS = FORMS.map(([form, source, id]): DoubtfulWorld => ({
	name: `id ${form}`,
	source,
	outcome: 'video',
	id,
}));
