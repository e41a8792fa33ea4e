/**
 * The tree of video models in CometAPI's documentation, line by line: where each line is in the node, or why it is not.
 * State of the documentation: December 2025, and the pages that were added in 2026.
 */
import { findMode, findProvider } from '../../nodes/CometApiVideo/providers';
import { JOBS } from '../../nodes/CometApiVideo/providers/jobs';

export interface TreeLine {
	family: string;
	line: string;
	/** Modes as `provider/mode`; one that the registry does not have stops the test. */
	modes?: readonly string[];
	/** What stands in the node besides modes. */
	elsewhere?: string;
	/** Why it is not in the node. */
	missing?: string;
}

const AFTER_THE_MODES = 'not yet: it makes pictures, and this release makes videos and sounds';

export const TREE: readonly TreeLine[] = [
	{ family: 'Sora', line: 'Create video', modes: ['sora/textToVideo', 'sora/imageToVideo'] },
];
