/** Pictures in Runway's own format: https://apidoc.cometapi.com/api/video/runway/official-format/generate-an-image-from-text */
import type { VideoMode } from '../types';
import { sizeFields } from '../sizes';
import { assertPromptLength, linkSlot, seedField } from './runwayFields';
import { runwayRequest } from './official';

const MAX_PROMPT = 1000;

// Not offered: `tag` of a reference image, a name for it in the prompt, which only Runway's own page has.
export const textToImage: VideoMode = {
	id: 'textToImage',
	job: 'image.generate',
	displayName: 'Text to Image',
	description: 'Create a picture from a description and one to three other pictures',
	models: [{ id: 'gen4_image', displayName: 'Gen-4 Image' }],
	prompt: 'required',
	fields: [
		...sizeFields(
			[
				{
					sizes: {
						'720p': {
							'16:9': '1280x720',
							'9:16': '720x1280',
							'1:1': '1024x1024',
							'4:3': '1168x880',
							'21:9': '1808x768',
						},
						'1080p': {
							...{ '16:9': '1920x1080', '9:16': '1080x1920', '1:1': '1080x1080', '4:3': '1440x1080' },
							...{ '3:4': '1080x1440', '21:9': '2112x912' },
						},
					},
				},
			],
			{ sendAs: 'ratio', write: (size) => size.replace('x', ':') },
		),
		seedField(4_294_967_295),
	],
	media: [
		linkSlot({
			name: 'referenceImages',
			displayName: 'Reference Images',
			description: 'Pictures whose content or style is taken over, at least one',
			kind: 'image',
			sendAs: 'referenceImages.*.uri',
			maxCount: 3,
		}),
	],
	check: (input) => assertPromptLength(input, MAX_PROMPT),
	buildRequest: runwayRequest('text_to_image'),
};
