/** What npm packs and n8n loads (`dist/`), not the sources; run `npm run build` before. */
import { join } from 'node:path';
import type { ICredentialType, INodeType } from 'n8n-workflow';
import type { Clock } from '../../nodes/CometApiVideo/task/clock';

/** Seen from the compiled file, below `.build/test/bench/`. */
export const ROOT = join(__dirname, '..', '..', '..');
const NODE_FOLDER = join(ROOT, 'dist', 'nodes', 'CometApiVideo');

export const NODE_FILE = join(NODE_FOLDER, 'CometApiVideo.node.js');
export const TRIGGER_FILE = join(NODE_FOLDER, 'CometApiVideoTrigger.node.js');

export const NODE_TYPE = 'n8n-nodes-cometapi-video.cometApiVideo';
export const TRIGGER_TYPE = 'n8n-nodes-cometapi-video.cometApiVideoTrigger';

export interface CompiledPackage {
	createNode(): INodeType;
	createTrigger(): INodeType;
	credentialType: ICredentialType;
	/** The object that all modules of the package share; its methods can be replaced. */
	clock: Clock;
}

export function loadCompiledPackage(): CompiledPackage {
	const { CometApiVideo } = require(NODE_FILE) as { CometApiVideo: new () => INodeType };
	const { CometApiVideoTrigger } = require(TRIGGER_FILE) as { CometApiVideoTrigger: new () => INodeType };
	const { CometApiVideoApi } = require(join(ROOT, 'dist', 'credentials', 'CometApiVideoApi.credentials.js')) as {
		CometApiVideoApi: new () => ICredentialType;
	};
	const { clock } = require(join(NODE_FOLDER, 'task', 'clock.js')) as { clock: Clock };
	return {
		createNode: () => new CometApiVideo(),
		createTrigger: () => new CometApiVideoTrigger(),
		credentialType: new CometApiVideoApi(),
		clock,
	};
}
