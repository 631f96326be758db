import { createCaptureActivities as used } from '../../capture/activities.ts'
export async function probe() {
  return String(used)
}
