// The charts of the reports. Loaded on those pages only: Apache ECharts, with just the parts that are used.
import { drawCharts } from "./charts/draw";

drawCharts();
