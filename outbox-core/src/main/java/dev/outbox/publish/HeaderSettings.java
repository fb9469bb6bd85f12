/*
 * Copyright 2026 the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package dev.outbox.publish;

/**
 * Which headers the outbox adds to an event. The transport adds the content type, under
 * the name that the broker has for it.
 *
 * @param source where events come from, for {@code ce_source}: usually the name of the
 * application
 * @param cloudEvents whether to add the headers of CloudEvents 1.0 in binary mode
 * @param identity whether to add id and type of the event under names of our own, for
 * consumers that do not know CloudEvents
 * @param version whether to add the version of the type
 * @param aggregate whether to add type and id of the aggregate
 * @param correlation whether to add the correlation id
 * @param xTrace whether to add {@code x-trace-id} and the headers that belong to it
 * wherever there is a {@code traceparent}, and to take the trace from them where there is
 * none
 * @param style how the names of id, type, version, aggregate and correlation id are
 * written
 */
public record HeaderSettings(String source, boolean cloudEvents, boolean identity, boolean version, boolean aggregate,
		boolean correlation, boolean xTrace, Style style) {

	/**
	 * Returns the settings that apply unless others are chosen: all but {@code identity},
	 * which CloudEvents covers, and {@code xTrace}.
	 * @param source where events come from
	 * @return the settings
	 */
	public static HeaderSettings defaults(String source) {
		return new HeaderSettings(source, true, false, true, true, true, false, Style.SNAKE_CASE);
	}

	/**
	 * How names of headers are written.
	 */
	public enum Style {

		/**
		 * Like {@code event_id}.
		 */
		SNAKE_CASE("event_id", "event_type", "event_version", "aggregate_type", "aggregate_id", "correlation_id"),

		/**
		 * Like {@code X-Event-ID}.
		 */
		HTTP("X-Event-ID", "X-Event-Type", "X-Event-Version", "X-Aggregate-Type", "X-Aggregate-ID", "X-Correlation-ID");

		final String id;

		final String type;

		final String version;

		final String aggregateType;

		final String aggregateId;

		final String correlation;

		Style(String... names) {
			this.id = names[0];
			this.type = names[1];
			this.version = names[2];
			this.aggregateType = names[3];
			this.aggregateId = names[4];
			this.correlation = names[5];
		}

	}

}
