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

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongConsumer;

import org.springframework.transaction.support.TransactionOperations;

/**
 * Threads that do the same transaction over and over.
 *
 * @param table is emptied before
 * @param threads how many threads there are
 * @param transactions opens the transactions
 * @param transaction what to do in each, given a number that is its own
 */
record Writers(EventTable table, int threads, TransactionOperations transactions,
		LongConsumer transaction) implements Contest.Contender {

	@Override
	public void prepare(long count) {
		this.table.clear();
	}

	@Override
	public void run(long count) throws Exception {
		ExecutorService writers = Executors.newFixedThreadPool(this.threads);
		try {
			List<Future<?>> ends = new ArrayList<>();
			for (int thread = 0; thread < this.threads; thread++) {
				long first = thread * count;
				ends.add(writers.submit(() -> write(first, count / this.threads)));
			}
			for (Future<?> end : ends) {
				end.get();
			}
		}
		finally {
			writers.shutdown();
		}
	}

	private void write(long first, long count) {
		for (long i = 1; i <= count; i++) {
			long order = first + i;
			this.transactions.executeWithoutResult((status) -> this.transaction.accept(order));
		}
	}

}
