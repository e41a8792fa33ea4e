/** What goes wrong at n8n's own API, by chance. Silence is left out: the node's time limit for n8n is ten real seconds. */
import type { N8nFault, N8nRequest } from '../support/n8nApi';
import type { Ledger } from './ledger';
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

/**
 * Faults of the table that the node or the trigger works with. Those of writes meet the rows of some orders: which request of
 * several at the same time comes first is not to matter.
 */
export function planTableFaults(random: Random, ledger: Ledger): N8nFault[] {
	if (!random.chance(0.4)) return [];
	return Array.from({ length: random.integer(1, 3) }, () => {
		const fault = random.pick(FAULTS);
		if (random.chance(0.2)) return { ...fault, times: random.integer(1, 2), when: (request) => !isWriteOfRow(request) };
		const share = random.integer(1, 4);
		const rest = random.integer(0, share - 1);
		const times = random.integer(1, 4);
		const strikes = new Map<number, number>();
		return {
			...fault,
			times: Infinity,
			when(request) {
				if (!isWriteOfRow(request)) return false;
				const row = readRowNumber(request, ledger);
				const count = strikes.get(row) ?? 0;
				if (row % share !== rest || count >= times) return false;
				strikes.set(row, count + 1);
				return true;
			},
		};
	});
}

function isWriteOfRow({ path, method }: N8nRequest): boolean {
	return method !== 'GET' && /rows\/(upsert|update)$/.test(path);
}

/** What tells the row from others: the number of its order, or where the request has none its own. */
function readRowNumber({ body }: N8nRequest, ledger: Ledger): number {
	const text = JSON.stringify(body);
	const [, id] = /"columnName":"id"[^}]*"value":(\d+)/.exec(text) ?? [];
	return id === undefined ? orderNumber(ledger.orderInText(text)) : Number(id);
}

/** The number in the mark of an order. */
export function orderNumber(order: string): number {
	return Number(/\d+$/.exec(order)?.[0] ?? 0);
}
