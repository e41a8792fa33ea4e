/** A trigger that watches many tasks: bounded requests per poll, and every task that ends starts the workflow once. */
import type { Figure } from './figure';
import { createTasks, startTrigger } from './triggerRun';
import { startVirtualService } from './virtualService';

const WATCHED = 1000;
const FINISHING = 5;
/** By then each task has had its turn twice. */
const POLLS = 20;

export async function measureTrigger(): Promise<Figure[]> {
	const service = await startVirtualService({ taskSeconds: 60 });
	const { simulator } = service;
	simulator.addFault({ on: 'create', kind: 'neverEnds', times: WATCHED - FINISHING });
	const ids = await createTasks(WATCHED, service);
	const finishing = ids.slice(-FINISHING);
	const { started, poll } = await startTrigger(ids, service);
	let most = 0;
	let pollsUntilAll = Infinity;
	for (let polls = 1; polls <= POLLS; polls++) {
		const before = simulator.requests.length;
		await poll();
		most = Math.max(most, simulator.requests.length - before);
		if (started.length >= FINISHING) pollsUntilAll = Math.min(pollsUntilAll, polls);
	}
	await simulator.close();
	const startsOf = (id: string) => started.filter(({ taskId }) => taskId === id).length;
	const title = `trigger, ${WATCHED} watched, ${FINISHING} end`;
	return [
		{ what: `${title}: most requests per poll`, value: most, bar: 100, time: 'virtual' },
		{ what: `${title}: lost`, value: finishing.filter((id) => startsOf(id) === 0).length, bar: 0, time: 'virtual' },
		{
			what: `${title}: started twice or wrongly`,
			value: started.length - new Set(finishing.filter((id) => startsOf(id) > 0)).size,
			bar: 0,
			time: 'virtual',
		},
		{ what: `${title}: polls until all have started`, value: pollsUntilAll, bar: WATCHED / 100, time: 'virtual' },
	];
}
