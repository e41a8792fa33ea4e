/**
 * Veo's route of 2025, which CometAPI calls superseded: POST /veo/v1/video/create, GET /veo/v1/video/query/{id}.
 * Source: CometAPI's blog and https://apidoc.cometapi.com/submit-video-generation-task-18941528e0 (2025).
 */
import { readCreated, readTask } from '../service/reader/readTask';
import type { TaskForm } from '../service/reader/readTask';
import type { TaskApi } from '../task/types';
import { aspectRatioField } from './fields';
import { requestFromFields } from './request';
import type { VideoField, VideoMode, VideoModel } from './types';
import { taskPath } from './unifiedTaskApi';

const ROUTE = '/veo/v1/video/query';
/** Where a third party asks for the same tasks. */
const OTHER_ROUTE = '/veo/v1/video/status';

const FORM: TaskForm = { name: 'Veo', isPayloadFirst: true };

const legacyTaskApi: TaskApi = {
	routes: [ROUTE],
	parseCreated: (body) => ({ ...readCreated(body, FORM), route: ROUTE }),
	statusRequest: (ref) => ({ method: 'GET', path: taskPath(ref) }),
	otherRoutes: () => [OTHER_ROUTE],
	parseTask: (body, ref) => readTask(body, ref, FORM),
};

const ENHANCE_PROMPT: VideoField = {
	property: {
		displayName: 'Enhance Prompt',
		name: 'enhancePrompt',
		type: 'boolean',
		default: true,
		description: 'Whether CometAPI may improve the prompt',
	},
	placement: 'options',
	sendAs: 'enhance_prompt',
};

const BASE_RATIO = aspectRatioField(['16:9', '9:16'], 'aspect_ratio');
const ASPECT_RATIO: VideoField = {
	...BASE_RATIO,
	property: { ...BASE_RATIO.property, description: 'Shape of the video; the page of this route does not have it' },
	placement: 'options',
};

const PRICE_UNKNOWN = 'What this route costs is not published';

function model(id: string, displayName: string): VideoModel {
	return { id, displayName, description: PRICE_UNKNOWN };
}

export const textToVideoLegacy: VideoMode = {
	id: 'textToVideoLegacy',
	job: 'video.generate',
	displayName: 'Text to Video (Legacy Route)',
	description: 'Make a video from a description. CometAPI has replaced this route of 2025, so prefer the other modes.',
	models: [model('veo3.1', 'Veo 3.1'), model('veo3', 'Veo 3'), model('veo3-pro', 'Veo 3 Pro')],
	prompt: 'required',
	taskApi: legacyTaskApi,
	fields: [ASPECT_RATIO, ENHANCE_PROMPT],
	media: [],
	buildRequest: requestFromFields('/veo/v1/video/create', 'json'),
};
