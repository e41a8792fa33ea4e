/** What goes wrong at n8n's own API, by chance. Silence is left out: the node's time limit for n8n is ten real seconds. */
import type { N8nFault } from '../support/n8nApi';
import type { Random } from './random';

const FAULTS: readonly N8nFault[] = [
	{ kind: 'reply', status: 500, body: { message: 'database is locked' } },
	{ kind: 'reply', status: 503 },
	{ kind: 'reply', status: 429, body: { message: 'Too many requests' } },
	{ kind: 'reset' },
	{ kind: 'resetAfter' },
	{ kind: 'html' },
	{ kind: 'redirect', location: 'https://n8n.example.com/signin' },
];

export function planTableFaults(random: Random): N8nFault[] {
	if (!random.chance(0.4)) return [];
	const isOfWrites = random.chance(0.8);
	const skipped = random.integer(0, 10);
	return Array.from({ length: random.integer(1, 3) }, () => {
		let count = 0;
		return {
			...random.pick(FAULTS),
			times: random.integer(1, 2),
			when: ({ path, method }) => (isOfWrites ? method !== 'GET' && /rows\/(upsert|update)$/.test(path) : true) && count++ >= skipped,
		};
	});
}
