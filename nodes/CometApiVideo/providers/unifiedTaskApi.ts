/**
 * The envelope of `/v1/videos`: create, status and content of Seedance, Veo, Wan, Sora and the others of that family.
 * Source: https://apidoc.cometapi.com/api/video and the create and retrieve pages below it (2026-05 and 2026-06).
 */
import { readCreated } from '../service/reader/readCreated';
import { readTask } from '../service/reader/readTask';
import type { TaskForm } from '../service/reader/taskForm';
import type { TaskApi, TaskRef } from '../task/types';

export const UNIFIED_ROUTE = '/v1/videos';

const FORM: TaskForm = { contentPath: (ref) => `${taskPath(ref)}/content` };

export const unifiedTaskApi: TaskApi = {
	routes: [UNIFIED_ROUTE],
	parseCreated: (body) => ({ ...readCreated(body, FORM), route: UNIFIED_ROUTE }),
	statusRequest: (ref) => ({ method: 'GET', path: taskPath(ref) }),
	failureDetailPath: (ref) => `${taskPath(ref)}/content`,
	parseTask: (body, ref) => readTask(body, ref, FORM),
};

/** Where a task is asked for when its id follows its route. */
export function taskPath({ route, taskId }: TaskRef): string {
	return `${route}/${encodeURIComponent(taskId)}`;
}
