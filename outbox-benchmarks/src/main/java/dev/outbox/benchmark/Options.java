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

package dev.outbox.benchmark;

import java.nio.file.Path;
import java.util.List;

/**
 * What can be said on the command line.
 *
 * @param runs how often each figure is measured
 * @param warmUp how many events are sent before anything is measured
 * @param seconds how long a run of a rate takes
 * @param file where the lines go
 */
record Options(int runs, long warmUp, int seconds, Path file) {

	static Options parse(List<String> arguments) {
		Options options = new Options(3, 200_000, 10, Path.of("target", "benchmarks.jsonl"));
		for (String argument : arguments) {
			String value = argument.substring(argument.indexOf('=') + 1);
			options = switch (argument.substring(0, Math.max(0, argument.indexOf('=')))) {
				case "--runs" -> new Options(Integer.parseInt(value), options.warmUp, options.seconds, options.file);
				case "--warm-up" -> new Options(options.runs, Long.parseLong(value), options.seconds, options.file);
				case "--seconds" -> new Options(options.runs, options.warmUp, Integer.parseInt(value), options.file);
				case "--file" -> new Options(options.runs, options.warmUp, options.seconds, Path.of(value));
				default -> throw new IllegalArgumentException("Unknown option '" + argument
						+ "'; nothing was started. Use --runs, --warm-up, --seconds or --file");
			};
		}
		return options;
	}

}
