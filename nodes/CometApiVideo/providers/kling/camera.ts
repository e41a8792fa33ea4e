/** Camera control of text to video and image to video; the values are Kling's own, CometAPI names only "preset or manual". */
import type { IDataObject } from 'n8n-workflow';
import { InvalidInputError } from '../../task/errors';
import type { GenerateInput, VideoField } from '../types';
import { isGiven } from './klingFields';
import { asText } from '../../task/asText';

const MOVEMENTS = ['horizontal', 'vertical', 'pan', 'tilt', 'roll', 'zoom'] as const;

export const CAMERA_FIELDS: VideoField[] = [
	{
		property: {
			displayName: 'Camera',
			name: 'cameraType',
			type: 'options',
			options: [
				{ name: 'Automatic', value: '' },
				{ name: 'Down and Back', value: 'down_back' },
				{ name: 'Forward and Up', value: 'forward_up' },
				{ name: 'Left Turn, Forward', value: 'left_turn_forward' },
				{ name: 'One Movement', value: 'simple', description: 'Chosen with Camera Movement and Camera Amount' },
				{ name: 'Right Turn, Forward', value: 'right_turn_forward' },
			],
			default: '',
			description: 'How the camera moves. Other models than Kling 1 may refuse it.',
		},
		placement: 'options',
		sendAs: null,
	},
	{
		property: {
			displayName: 'Camera Movement',
			name: 'cameraMovement',
			type: 'options',
			options: [
				{ name: 'Horizontal', value: 'horizontal' },
				{ name: 'Pan', value: 'pan' },
				{ name: 'Roll', value: 'roll' },
				{ name: 'Tilt', value: 'tilt' },
				{ name: 'Vertical', value: 'vertical' },
				{ name: 'Zoom', value: 'zoom' },
			],
			default: 'zoom',
			description: 'The movement when Camera is One Movement',
		},
		placement: 'options',
		sendAs: null,
	},
	{
		property: {
			displayName: 'Camera Amount',
			name: 'cameraAmount',
			type: 'number',
			typeOptions: { minValue: -10, maxValue: 10, numberPrecision: 1 },
			default: 5,
			description: 'Direction and strength when Camera is One Movement, -10 to 10',
		},
		placement: 'options',
		sendAs: null,
	},
];

/** @throws InvalidInputError for a movement that would not be sent */
export function assertCamera({ values }: GenerateInput): void {
	const { cameraType, cameraMovement, cameraAmount } = values;
	if (cameraType === 'simple' || (!isGiven(cameraMovement) && !isGiven(cameraAmount))) return;
	throw new InvalidInputError(
		`${isGiven(cameraMovement) ? 'Camera Movement' : 'Camera Amount'} is set, but Camera is not One Movement`,
		'Set the option Camera to One Movement, or remove Camera Movement and Camera Amount.',
	);
}

/** @throws InvalidInputError when One Movement has no movement */
export function cameraControl({ values }: GenerateInput): IDataObject {
	const { cameraType, cameraMovement, cameraAmount } = values;
	if (!cameraType) return {};
	if (cameraType !== 'simple') return { camera_control: { type: cameraType as string } };
	const movement = asText(cameraMovement ?? 'zoom');
	const amount = Number(cameraAmount ?? 5);
	if (amount === 0) {
		throw new InvalidInputError(
			'Camera Amount cannot be 0 with One Movement',
			'Allowed: -10 to 10 except 0, or another Camera.',
		);
	}
	const config = Object.fromEntries(MOVEMENTS.map((name) => [name, name === movement ? amount : 0]));
	return { camera_control: { type: 'simple', config } };
}
