/** What follow-up jobs start from: finished tasks, speech, sessions. Made by the node itself in the simulator of the test. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import type { VideoNodeTest } from './videoNode';

/** The point that is selected in the session of a selection, on frame 0. */
export const SELECTED_POINT = { x: 0.5, y: 0.25 };

/** Spoken in more than five seconds, which a lip sync takes by default. */
const SPEECH = 'Welcome to our spring sale. '.repeat(4).trim();

/** Each parent is made once, when somebody asks for it. */
export class Parents {
	private readonly made = new Map<string, Promise<IDataObject>>();

	constructor(private readonly node: VideoNodeTest) {}

	/** By the names that fixtures write in braces, e.g. `{finishedKlingTask}`. */
	private readonly values: Readonly<Record<string, () => Promise<unknown>>> = {
		finishedSoraTask: async () => (await this.row({ provider: 'sora', prompt: 'A lighthouse in the sun' })).taskId,
		finishedMidjourneyTask: async () => {
			const imageUrl = `${this.node.simulator.resultOrigin}/media/image.png`;
			return (await this.row({ provider: 'midjourney', prompt: 'Leaves drift by', imageUrl })).taskId;
		},
		finishedKlingTask: async () => (await this.klingVideo()).taskId,
		finishedKlingVideo: async () => (await this.klingVideo()).videoId,
		klingSpeech: async () => (await this.klingSpeech()).audioId,
		klingSpeechTask: async () => (await this.klingSpeech()).taskId,
		klingFaceSession: async () => (await this.klingFaces()).sessionId,
		klingFace: async () => (await this.klingFaces()).faceId,
		klingSelectionSession: async () => await this.klingSelection(),
	};

	/** @param name without braces */
	async value(name: string): Promise<string> {
		if (!(name in this.values)) throw new Error(`There is no parent {${name}}`);
		const value = await this.values[name]();
		if (typeof value !== 'string' || value === '') throw new Error(`The parent {${name}} came without its id`);
		return value;
	}

	/** The same with ids in the places of the names in braces. */
	async fillIn<Template>(template: Template): Promise<Template> {
		let text = JSON.stringify(template);
		const named = new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
		for (const name of Object.keys(this.values)) {
			if (named.has(name)) text = text.replaceAll(`{${name}}`, await this.value(name));
		}
		return JSON.parse(text) as Template;
	}

	private async klingVideo(): Promise<IDataObject> {
		const model = { __rl: true, mode: 'id', value: 'kling-v1-6' };
		return await this.row({ provider: 'kling', prompt: 'A woman looks into the camera', model });
	}

	private async klingSpeech(): Promise<IDataObject> {
		return await this.row({ provider: 'kling', mode: 'textToSpeech', text: SPEECH, voiceId: 'oversea_male1' });
	}

	private async klingFaces(): Promise<IDataObject> {
		const videoId = await this.value('finishedKlingVideo');
		return await this.row({ provider: 'kling', mode: 'identifyFace', videoId });
	}

	private async klingSelection(): Promise<unknown> {
		const { taskId: parentTaskId, videoId } = await this.klingVideo();
		const { sessionId } = await this.row({
			provider: 'kling',
			mode: 'initSelection',
			videoId,
			parentTaskId,
		} as INodeParameters);
		const marks = await this.row({
			provider: 'kling',
			mode: 'addSelection',
			sessionId,
			points: { point: [SELECTED_POINT] },
		} as INodeParameters);
		return marks.sessionId;
	}

	private async row(parameters: INodeParameters): Promise<IDataObject> {
		const key = JSON.stringify(parameters);
		const row = this.made.get(key) ?? this.make(parameters);
		this.made.set(key, row);
		return await row;
	}

	private async make(parameters: INodeParameters): Promise<IDataObject> {
		const { rows, error } = await this.node.run({ ...parameters, downloadVideo: false });
		if (error || rows[0]?.status !== 'succeeded') throw error ?? new Error(`No parent: ${JSON.stringify(rows[0])}`);
		return rows[0];
	}
}
