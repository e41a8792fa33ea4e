/**
 * A system that CometAPI has and this package does not know: its paths are typed in. What finds a task again is in its row's
 * `route`: the status path, and after `#` the place of the link if one was given, e.g. `/grok/v1/videos/{taskId}#video.url`.
 */
import type { IDataObject } from 'n8n-workflow';
import { InvalidInputError } from '../../task/errors';
import { getAtPath, setAtPath } from '../../task/jsonPath';
import { showValue } from '../../task/shownText';
import type { TaskApi, VideoTask } from '../../task/types';
import { asText } from '../../task/asText';
import { idFrom, layersOf } from '../../service/reader/layers';
import { readCreated } from '../../service/reader/readCreated';
import { readTask } from '../../service/reader/readTask';
import { parseJson } from '../../task/json';
import { assetsAt, linksIn } from '../../service/reader/values';
import { mediaParts } from '../request';
import type { GenerateInput, VideoField, VideoMode } from '../types';
import {
	FILES,
	FORM_FIELDS,
	assertFilePlaces,
	assertNames,
	assertNamesArePaths,
	bodyFormatField,
	readFormFields,
} from './bodyFields';

const TASK_ID = '{taskId}';
/** Nothing encoded, no `@`, no backslash: what could lead elsewhere is no part of CometAPI's paths. */
const PATH = /^(?:\/[\w~.,:-]+)+\/?(?:\?[\w~.,:=&/-]*)?$/;
const MAX_PATH_LENGTH = 300;
/** Dotted names, e.g. `data.task.id`. */
const PLACE = /^[\w$-]+(?:\.[\w$-]+){0,9}$/;
/** These get the account's access token. */
const ACCOUNT_PATH = /^\/+api(\/|$)/i;

/** @throws InvalidInputError for what could reach another host, or CometAPI's account routes */
function assertPath(label: string, path: string): void {
	const isPlain = path.length <= MAX_PATH_LENGTH && PATH.test(path) && !/(^|\/)\.{1,2}(\/|\?|$)/.test(path);
	if (isPlain && !ACCOUNT_PATH.test(path)) return;
	throw new InvalidInputError(
		`${label} cannot be ${showValue(path)}`,
		'Give the path alone as CometAPI\'s page has it, from the first "/" on, e.g. /grok/v1/videos/generations: no "https://", no "%", no "..", and not below /api.',
	);
}

/** @throws InvalidInputError */
function assertStatusPath(label: string, path: string): void {
	if (path.split(TASK_ID).length !== 2) {
		throw new InvalidInputError(
			`${label} must contain ${TASK_ID} once, and is ${showValue(path)}`,
			`Put ${TASK_ID} where the ID of the task belongs, e.g. /grok/v1/videos/{taskId}.`,
		);
	}
	assertPath(label, path.replace(TASK_ID, 'id'));
}

/** @throws InvalidInputError */
function assertPlace(label: string, place: string): void {
	if (place === '' || PLACE.test(place)) return;
	throw new InvalidInputError(
		`${label} cannot be ${showValue(place)}`,
		'Give the names on the way with dots between them, e.g. data.video.url.',
	);
}

function splitRoute(route: string): { path: string; linkAt: string } {
	const [path = '', linkAt = ''] = route.split('#');
	return { path, linkAt };
}

function valueAt(body: unknown, place: string): unknown {
	const found = [body, ...layersOf(body)].map((layer) => getAtPath(layer, place));
	return found.find((value) => value !== undefined && value !== null);
}

const ownRouteTaskApi: TaskApi = {
	// A pattern; any other that the user gives is taken as well.
	routes: [`/v1/videos/${TASK_ID}`],

	takesRoute(route) {
		if (!route.includes(TASK_ID)) return false;
		const { path, linkAt } = splitRoute(route);
		assertStatusPath('Route', path);
		assertPlace('Route: the place of the link', linkAt);
		return true;
	},

	parseCreated(body, { own }) {
		const { route = '', idAt = '' } = own ?? {};
		const taskId = idAt === '' ? undefined : idFrom(valueAt(body, idAt));
		if (taskId === undefined) return { ...readCreated(body), route };
		return { taskId, route, rawStatus: '', raw: layersOf(body)[0] ?? {} };
	},

	statusRequest({ route, taskId }) {
		const { path } = splitRoute(route);
		assertStatusPath('Route', path);
		return { method: 'GET', path: path.replace(TASK_ID, () => encodeURIComponent(taskId)) };
	},

	parseTask(body, ref) {
		const task = readTask(body, ref);
		const { linkAt } = splitRoute(ref.route);
		const assets = linkAt === '' ? [] : assetsAt(linksIn(valueAt(body, linkAt)));
		return assets.length > 0 && task.status === 'succeeded' ? withAssets(task, assets) : task;
	},
};

function withAssets(task: VideoTask & { status: 'succeeded' }, assets: ReturnType<typeof assetsAt>): VideoTask {
	const { lacksFile: _known, ...rest } = task;
	return { ...rest, assets };
}

const CREATE_PATH: VideoField = {
	property: {
		displayName: 'Create Path',
		name: 'createPath',
		type: 'string',
		default: '',
		placeholder: 'e.g. /grok/v1/videos/generations',
		description: "Where the task is created: the path on CometAPI's page after https://api.cometapi.com",
	},
	placement: 'panel',
	sendAs: null,
	required: true,
};

const STATUS_PATH: VideoField = {
	property: {
		displayName: 'Status Path',
		name: 'statusPath',
		type: 'string',
		default: '',
		placeholder: 'e.g. /grok/v1/videos/{taskId}',
		description: 'Where the task is asked for, with {taskId} in the place of its ID',
	},
	placement: 'panel',
	sendAs: null,
	required: true,
};

const BODY_FORMAT = bodyFormatField([
	{
		name: 'JSON',
		value: 'json',
		description: 'Names may be paths such as output.format. Values such as 5 and true are sent as such, "5" as text.',
	},
	{ name: 'Form', value: 'multipart', description: 'As a web form, with files as they are' },
]);

function placeField(displayName: string, name: string, placeholder: string, description: string): VideoField {
	return {
		property: { displayName, name, type: 'string', default: '', placeholder, description },
		placement: 'options',
		sendAs: null,
	};
}

const ID_AT = placeField(
	'Task ID At',
	'taskIdAt',
	'e.g. data.job.id',
	"Where CometAPI's first answer has the ID of the task, if the node does not find it",
);
const LINK_AT = placeField(
	'Video Link At',
	'videoLinkAt',
	'e.g. data.result.0.link',
	'Where the answer about the finished task has the link of the video, if the node does not find it',
);

const OWN_FIELDS = ['prompt'];

const textOf = ({ values }: GenerateInput, name: string) => asText(values[name] ?? '').trim();

/** No Model field: each system has its own name for it, which is among Form Fields. */
export const ownRoute: VideoMode = {
	id: 'ownRoute',
	displayName: 'Own Route',
	description: "Use a system that this node does not know, by the paths on CometAPI's page",
	job: 'video.generate',
	models: [],
	prompt: 'optional',
	taskApi: ownRouteTaskApi,
	fields: [CREATE_PATH, STATUS_PATH, BODY_FORMAT, FORM_FIELDS, ID_AT, LINK_AT],
	media: [{ ...FILES, description: 'Files of the request; a link is sent as a link', accepts: ['file', 'url'] }],
	check(input) {
		assertPath('Create Path', textOf(input, 'createPath'));
		assertStatusPath('Status Path', textOf(input, 'statusPath'));
		assertPlace('Task ID At', textOf(input, 'taskIdAt'));
		assertPlace('Video Link At', textOf(input, 'videoLinkAt'));
		assertNames(input, OWN_FIELDS);
		if (input.values.bodyFormat === 'multipart') return;
		assertNamesArePaths(input, OWN_FIELDS);
		assertFilePlaces(input, OWN_FIELDS);
	},
	buildRequest(input, mode) {
		const encoding = input.values.bodyFormat === 'multipart' ? 'multipart' : 'json';
		const body: IDataObject = input.prompt === '' ? {} : { prompt: input.prompt };
		for (const { name, value } of readFormFields(input)) {
			if (encoding === 'json') setAtPath(body, name, typedValue(value));
			else body[name] = value;
		}
		const ofBytes = encoding === 'multipart' ? ('file' as const) : ('dataUri' as const);
		const media = mediaParts(mode, input).map((part) =>
			part.encoding === 'url' ? part : { ...part, encoding: ofBytes },
		);
		const linkAt = textOf(input, 'videoLinkAt');
		const route = `${textOf(input, 'statusPath')}${linkAt === '' ? '' : `#${linkAt}`}`;
		const own = { route, idAt: textOf(input, 'taskIdAt') };
		return { path: textOf(input, 'createPath'), encoding, body, media, own };
	},
};

/** Text fields give texts alone; what JSON would write without quotes is meant so. */
function typedValue(value: IDataObject[string]): IDataObject[string] {
	const json = typeof value === 'string' ? parseJson(value) : undefined;
	return json === undefined ? value : json;
}
