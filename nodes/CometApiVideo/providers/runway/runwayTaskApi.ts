/**
 * Runway's two envelopes at CometAPI: the official format (bare tasks, or in the gateway's wrapper of March 2026) and the
 * compatibility format, whose tasks are those of the gateway itself.
 * Sources: https://apidoc.cometapi.com/api/video/runway/official-format/runway-to-get-task-details and
 * /compatibility-format/feed-get-task (2026-03 to 2026-06).
 */
import { readCreated } from '../../service/reader/readCreated';
import { readTask } from '../../service/reader/readTask';
import type { TaskForm } from '../../service/reader/taskForm';
import type { TaskApi } from '../../task/types';
import { taskPath } from '../unifiedTaskApi';

const TASKS_ROUTE = '/runwayml/v1/tasks';
const FEED_ROUTE = '/runway/feed';

const headers = { 'X-Runway-Version': '2024-11-06' };

/** Pictures are made on the same route; their links have an extension. */
const OFFICIAL_FORM: TaskForm = { isPayloadFirst: true, isProgressFraction: true, mayMakePictures: true };

export const runwayTaskApi: TaskApi = {
	headers,
	routes: [TASKS_ROUTE],
	parseCreated: (body) => ({ ...readCreated(body, OFFICIAL_FORM), route: TASKS_ROUTE }),
	statusRequest: (ref) => ({ method: 'GET', path: taskPath(ref) }),
	parseTask: (body, ref) => readTask(body, ref, OFFICIAL_FORM),
};

/** Answers to creates: `{code: 200, msg, data: {task_id}}`. */
export const runwayFeedApi: TaskApi = {
	headers,
	routes: [FEED_ROUTE],
	parseCreated: (body) => ({ ...readCreated(body), route: FEED_ROUTE }),
	statusRequest: ({ route, taskId }) => ({ method: 'POST', path: route, body: { task_id: taskId } }),
	parseTask: (body, ref) => readTask(body, ref),
};
