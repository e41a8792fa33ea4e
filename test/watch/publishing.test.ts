/** What n8n shows when the trigger is published must be true from that moment on, whatever is watched. */
import type { IDataObject } from 'n8n-workflow';
import { CometApiVideoTrigger } from '../../nodes/CometApiVideo/CometApiVideoTrigger.node';
import { TriggerNodeTest } from '../support/triggerNode';
import { enterRows, watchTable } from './watchedTable';

const TASK_MS = 60_000;

let trigger: TriggerNodeTest;

interface Watched {
	/** Makes the trigger see the task. */
	show(taskId: string): void;
	/** Whether a task that was over before starts the workflow all the same: nobody has handed it over. */
	handsOverEarlier: boolean;
}

async function watchTableRows(): Promise<Watched> {
	const watched = await watchTable();
	({ trigger } = watched);
	return { show: (taskId) => enterRows(watched, { taskId }), handsOverEarlier: true };
}

async function watchAccount(): Promise<Watched> {
	trigger = await TriggerNodeTest.start({ watch: 'account' });
	return { show: () => {}, handsOverEarlier: false };
}

async function watchListed(): Promise<Watched> {
	const parameters = { watch: 'listed', listAs: 'json', tasksJson: '[]' };
	trigger = await TriggerNodeTest.start(parameters);
	const listed: string[] = [];
	const show = (taskId: string) => {
		listed.push(taskId);
		parameters.tasksJson = JSON.stringify(listed);
	};
	return { show, handsOverEarlier: false };
}

test('the sentence that n8n shows', () => {
	const { activationMessage } = new CometApiVideoTrigger().description;
	expect(activationMessage).toBe('From now on, each video that is finished starts this workflow once.');
});

describe('is true at that moment', () => {
	afterEach(async () => {
		await trigger.close();
		jest.restoreAllMocks();
	});

	test.each([
		['Tasks in a Data Table', watchTableRows],
		['All Tasks of the Account', watchAccount],
		['Listed Tasks', watchListed],
	])('%s', async (_watch, open) => {
		const { show, handsOverEarlier } = await open();
		const before = await trigger.createTask();
		show(before);
		trigger.clock.advance(2 * TASK_MS);
		const underWay = await trigger.createTask();
		show(underWay);
		trigger.simulator.addFault({ on: 'create', kind: 'taskFails', reason: 'The prompt was refused' });
		const failing = await trigger.createTask();
		show(failing);
		await trigger.activate();
		// "From now on": publishing itself has started nothing.
		expect(trigger.started).toEqual([]);
		await trigger.poll(TASK_MS / 2);
		await trigger.poll();
		await trigger.poll();
		expect(trigger.errors).toEqual([]);
		const expected = [underWay, failing, ...(handsOverEarlier ? [before] : [])].sort();
		expect(idsOf(trigger.started)).toEqual(expected);
		await trigger.restart();
		await trigger.poll();
		expect(idsOf(trigger.started)).toEqual(expected);
	});

	test('a key that CometAPI does not accept: the sentence does not appear', async () => {
		await watchAccount();
		trigger.simulator.addFault({ on: 'taskList', kind: 'reply', status: 401, body: {}, times: 100 });
		await expect(trigger.activate()).rejects.toThrow();
		expect(trigger.started).toEqual([]);
	});
});

function idsOf(rows: readonly IDataObject[]): string[] {
	return rows.map(({ taskId }) => String(taskId)).sort();
}
