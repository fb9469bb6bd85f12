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

package dev.outbox.listener;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * The ids of a span, as two families of headers carry them: {@code traceparent} of the
 * W3C, and {@code x-trace-id}, {@code x-span-id}, {@code x-parent-span-id} and
 * {@code x-sampled}.
 *
 * @param traceId id of the trace, 32 lower-case hexadecimal digits
 * @param spanId id of the span, 16 lower-case hexadecimal digits
 * @param parentSpanId id of the span's parent, if it is known
 * @param sampled whether the span is recorded
 */
public record TraceIds(String traceId, String spanId, @Nullable String parentSpanId, boolean sampled) {

	/**
	 * Name of the W3C's header.
	 */
	public static final String TRACEPARENT = "traceparent";

	/**
	 * Names of the other family.
	 */
	public static final Set<String> X_HEADERS = Set.of("x-trace-id", "x-span-id", "x-parent-span-id", "x-sampled");

	private static final Pattern FORMAT = Pattern.compile("[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2}).*");

	private static final Pattern TRACE_ID = Pattern.compile("(?!0+$)[0-9a-f]{32}");

	private static final Pattern SPAN_ID = Pattern.compile("(?!0+$)[0-9a-f]{16}");

	/**
	 * Reads {@code traceparent}.
	 * @param headers the headers of an event
	 * @return the ids, or {@code null} if there is no such header or it is malformed
	 */
	public static @Nullable TraceIds ofTraceparent(Map<String, ?> headers) {
		if (!(headers.get(TRACEPARENT) instanceof String text)) {
			return null;
		}
		Matcher parts = FORMAT.matcher(text);
		if (!parts.matches()) {
			return null;
		}
		boolean sampled = (Integer.parseInt(parts.group(3), 16) & 1) == 1;
		return valid(parts.group(1), parts.group(2), null, sampled);
	}

	/**
	 * Reads {@code x-trace-id} and the headers that belong to it.
	 * @param headers the headers of an event
	 * @return the ids, or {@code null} if there are no such headers or they are
	 * malformed; sampled unless {@code x-sampled} says otherwise
	 */
	public static @Nullable TraceIds ofXHeaders(Map<String, ?> headers) {
		String traceId = text(headers, "x-trace-id");
		String spanId = text(headers, "x-span-id");
		if (traceId == null || spanId == null) {
			return null;
		}
		String sampled = text(headers, "x-sampled");
		return valid(traceId, spanId, text(headers, "x-parent-span-id"),
				!"0".equals(sampled) && !"false".equals(sampled));
	}

	/**
	 * Returns the ids of the same span, whose parent is known.
	 * @param parent the parent
	 * @return a copy
	 */
	public TraceIds childOf(TraceIds parent) {
		return new TraceIds(this.traceId, this.spanId, parent.spanId(), this.sampled);
	}

	/**
	 * Returns the value of {@code traceparent}.
	 * @return the ids in the format of the W3C
	 */
	public String traceparent() {
		return "00-" + this.traceId + '-' + this.spanId + (this.sampled ? "-01" : "-00");
	}

	/**
	 * Returns the other family of headers.
	 * @return the headers, without {@code x-parent-span-id} if the parent is unknown
	 */
	public Map<String, String> xHeaders() {
		Map<String, String> headers = new LinkedHashMap<>();
		headers.put("x-trace-id", this.traceId);
		headers.put("x-span-id", this.spanId);
		if (this.parentSpanId != null) {
			headers.put("x-parent-span-id", this.parentSpanId);
		}
		headers.put("x-sampled", this.sampled ? "1" : "0");
		return headers;
	}

	private static @Nullable TraceIds valid(String traceId, String spanId, @Nullable String parentSpanId,
			boolean sampled) {
		if (!TRACE_ID.matcher(traceId).matches() || !SPAN_ID.matcher(spanId).matches()) {
			return null;
		}
		boolean known = parentSpanId != null && SPAN_ID.matcher(parentSpanId).matches();
		return new TraceIds(traceId, spanId, known ? parentSpanId : null, sampled);
	}

	private static @Nullable String text(Map<String, ?> headers, String name) {
		Object value = headers.get(name);
		return (value != null) ? value.toString().toLowerCase(Locale.ROOT) : null;
	}

}
