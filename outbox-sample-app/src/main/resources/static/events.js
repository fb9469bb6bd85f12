// The journey of each event: stored, at the broker, consumed.

import {byId, clock, duration, millis, Rows, write} from './dom.js';

const SHOWN = 30;
const steps = ['storedAt', 'publishedAt', 'consumedAt'];

function text(journey) {
	try {
		const event = JSON.parse(journey.payload);
		if (event.quantity) {
			return `${event.quantity} × ${event.item}` + (event.customer ? ` for ${event.customer}` : '');
		}
		return event.customer ? `for ${event.customer}` : '';
	}
	catch (error) {
		return '';
	}
}

function dueAt(journey) {
	try {
		return JSON.parse(journey.payload).dueAt || null;
	}
	catch (error) {
		return null;
	}
}

// An event that was consumed has been at the broker, also when the instance that sent it was killed before it could tell.
function reached(journey, step) {
	return journey[step] !== null || (step === 'publishedAt' && journey.consumedAt !== null);
}

function note(journey) {
	if (journey.consumptions > 1) {
		return `Arrived ${journey.consumptions} times with the same id: delivery is at least once.`;
	}
	if (reached(journey, 'publishedAt')) {
		return '';
	}
	if (journey.diedAt) {
		return `A dead letter: ${journey.lastError}`;
	}
	if (journey.failures > 0 || journey.lastError) {
		return journey.failures > 0 ? `${journey.failures} failed attempts. Last: ${journey.lastError}` : `Waits: ${journey.lastError}`;
	}
	const due = dueAt(journey);
	if (due && millis(due) > Date.now()) {
		return `Waits for its time, ${new Date(millis(due)).toLocaleTimeString('en-GB')}.`;
	}
	return '';
}

function time(journey, step, previous) {
	const at = journey[step];
	if (at === null) {
		return '';
	}
	const by = step === 'publishedAt' ? journey.publishedBy : step === 'consumedAt' ? journey.consumedBy : null;
	return (previous ? duration(previous, at) : clock(at)) + (by && by.length === 1 ? ` by ${by}` : '');
}

function fill(row, journey) {
	write(row.querySelector('.type'), journey.type);
	write(row.querySelector('.text'), text(journey));
	write(row.querySelector('.id'), journey.position ? `${journey.id} → ${journey.position}` : journey.id);
	let previous = null;
	for (const step of steps) {
		const cell = row.querySelector(`[data-step="${step}"]`);
		cell.classList.toggle('done', reached(journey, step));
		write(cell.querySelector('.time'), time(journey, step, previous));
		previous = journey[step] || previous;
	}
	row.classList.toggle('failing', journey.lastError !== null && !reached(journey, 'publishedAt'));
	write(row.querySelector('.note'), note(journey));
	row.querySelector('.note').hidden = note(journey) === '';
}

const rows = new Rows('events', 'event', (journey) => journey.id, fill);

export function showEvents(journeys) {
	rows.show(journeys.slice(0, SHOWN));
	byId('empty').hidden = journeys.length > 0;
	for (const step of steps) {
		write(byId('total-' + step.replace('At', '')), String(journeys.filter((journey) => reached(journey, step)).length));
	}
}
