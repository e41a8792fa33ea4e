/** The trigger and tasks that CometAPI calls finished although there is no file: looked at for another minute, then failed. */
import type { IDataObject } from 'n8n-workflow';
import type { N8nRow } from '../support/n8nApi';
import type { TriggerNodeTest } from '../support/triggerNode';
import { enterRows, watchTable } from './watchedTable';

let trigger: TriggerNodeTest;
let row: N8nRow;

/** A task of a provider that has no route for files. */
const KLING = { taskId: '8', provider: 'kling', route: '/kling/v1/videos/text2video' };

/** From now on CometAPI says that the task has succeeded, with these files. */
function succeedWith(...videos: IDataObject[]) {
	const data = { task_id: KLING.taskId, task_status: 'succeed', task_result: { videos } };
	trigger.simulator.clearFaults();
	trigger.simulator.addFault({ on: 'status', kind: 'reply', status: 200, body: { code: 0, data }, times: Infinity });
}

beforeEach(async () => {
	const watched = await watchTable();
	({ trigger } = watched);
	[row] = enterRows(watched, KLING);
	succeedWith();
	await trigger.activate();
	expect(await trigger.poll(30_000)).toEqual([]);
});

afterEach(async () => {
	await trigger.close();
	jest.restoreAllMocks();
});

test('a file that never comes starts the workflow once, as a failure, and the task is not looked at again', async () => {
	const failed = {
		taskId: '8',
		status: 'failed',
		failureReason: expect.stringMatching(/finished, but there is no file/),
	};
	expect(await trigger.poll(30_000)).toMatchObject([failed]);
	expect(await trigger.poll()).toEqual([]);
	expect(row).toMatchObject({ status: 'failed', failureReason: failed.failureReason });
	const asked = trigger.simulator.requests.length;
	await trigger.poll();
	expect(trigger.simulator.requests).toHaveLength(asked);
});

test('a file that comes within the minute starts it as a success', async () => {
	succeedWith({ url: 'https://files.example.com/8.mp4' });
	expect(await trigger.poll(20_000)).toMatchObject([{ taskId: '8', status: 'succeeded' }]);
});
