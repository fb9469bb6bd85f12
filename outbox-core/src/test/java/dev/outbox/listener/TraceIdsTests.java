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

import java.util.Locale;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class TraceIdsTests {

	private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

	private static final String SPAN = "b7ad6b7169203331";

	private static final String PARENT = "00f067aa0ba902b7";

	@ParameterizedTest
	@ValueSource(strings = { "-01", "-03", "-01-what-a-later-version-adds" })
	void theTraceparentOfARecordedSpan(String end) {
		TraceIds ids = TraceIds.ofTraceparent(Map.of("traceparent", "00-" + TRACE + '-' + SPAN + end));
		assertThat(ids).isEqualTo(new TraceIds(TRACE, SPAN, null, true));
	}

	@Test
	void bothFamiliesSayTheSame() {
		TraceIds ids = new TraceIds(TRACE, SPAN, PARENT, false);
		assertThat(ids.traceparent()).isEqualTo("00-" + TRACE + '-' + SPAN + "-00");
		assertThat(ids.xHeaders())
			.isEqualTo(Map.of("x-trace-id", TRACE, "x-span-id", SPAN, "x-parent-span-id", PARENT, "x-sampled", "0"));
		assertThat(TraceIds.ofXHeaders(ids.xHeaders())).isEqualTo(ids);
		assertThat(TraceIds.ofTraceparent(Map.of("traceparent", ids.traceparent())))
			.isEqualTo(new TraceIds(TRACE, SPAN, null, false));
	}

	@Test
	void aSpanIsSampledUnlessItSaysOtherwise() {
		Map<String, Object> headers = Map.of("x-trace-id", TRACE.toUpperCase(Locale.ROOT), "x-span-id", SPAN);
		assertThat(TraceIds.ofXHeaders(headers)).isEqualTo(new TraceIds(TRACE, SPAN, null, true));
		assertThat(TraceIds.ofXHeaders(Map.of("x-trace-id", TRACE, "x-span-id", SPAN, "x-sampled", false)))
			.isEqualTo(new TraceIds(TRACE, SPAN, null, false));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "00-0af7-b7ad-01", "00-00000000000000000000000000000000-b7ad6b7169203331-01",
			"00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
			"00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01" })
	void whatIsMalformedIsNoTrace(String traceparent) {
		assertThat(TraceIds.ofTraceparent(Map.of("traceparent", traceparent))).isNull();
		assertThat(TraceIds.ofXHeaders(Map.of("x-trace-id", traceparent, "x-span-id", SPAN))).isNull();
	}

	@Test
	void aTraceWithoutSpanIsNone() {
		assertThat(TraceIds.ofXHeaders(Map.of("x-trace-id", TRACE))).isNull();
		assertThat(TraceIds.ofTraceparent(Map.of())).isNull();
	}

}
