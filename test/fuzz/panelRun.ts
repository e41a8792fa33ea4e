/** Runs random panels through the node, and shows what went out in a form in which two runs can be compared. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import type { RecordedRequest } from '../simulator/simulator';
import { errorText } from '../support/errorText';
import { mediaInput } from '../support/mediaInput';
import { Parents } from '../support/parents';
import { VideoNodeTest } from '../support/videoNode';
import type { Job, Panel } from './panels';
import { mergeParameters, parametersOf } from './panels';

export interface PanelRun {
	/** What the user reads; empty when all went well. */
	error: string;
	creates: RecordedRequest[];
}

/** One for all tests of a file: what a request says does not depend on those before it, and follow-up jobs can share what they start from. */
export class PanelRunner {
	private parents: Parents;

	private constructor(readonly node: VideoNodeTest) {
		this.parents = new Parents(node);
	}

	static async start(): Promise<PanelRunner> {
		return new PanelRunner(await VideoNodeTest.startShared());
	}

	async close(): Promise<void> {
		await this.node.closeShared();
	}

	/** For a job that changes what others start from. */
	renewParents(): void {
		this.parents = new Parents(this.node);
	}

	/**
	 * @param more parameters over those of the panel
	 * @param json of the input item, for expressions
	 */
	async run(job: Job, panel: Panel, more: INodeParameters = {}, json: IDataObject = {}): Promise<PanelRun> {
		const media = mediaInput(panel.media, `${this.node.simulator.resultOrigin}/media`);
		const own = { ...parametersOf(job, panel), ...media.parameters };
		const parameters = await this.parents.fillIn(mergeParameters(own, more));
		const before = this.node.creates().length;
		const { error } = await this.node.run(
			{ ...parameters, waitForCompletion: false },
			{ items: [{ json, binary: media.binary }] },
		);
		return { error: errorText(error), creates: this.node.creates().slice(before) };
	}
}

/** All that a request says, but for the boundary of a form and what the simulator made up in an earlier answer. */
export function contentOf(creates: readonly RecordedRequest[]): unknown[] {
	const isChain = creates.length > 1;
	return creates.map(({ path, form, json }) => {
		const files = form?.files.map(({ field, fileName, contentType, bytes }) => [
			field,
			fileName,
			contentType,
			bytes.toString('base64'),
		]);
		const body = JSON.stringify(json ?? form?.fields);
		return [path, isChain ? body.replace(/"(session_id|face_id)":"[^"]*"/g, '') : body, files];
	});
}
